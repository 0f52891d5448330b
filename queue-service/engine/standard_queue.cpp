#include "queue-service/engine/standard_queue.hpp"

#include <algorithm>
#include <utility>

#include "libs/base/invariant.hpp"
#include "libs/base/safeguard.hpp"

namespace orderflow::queue {

StandardQueue::StandardQueue(QueueRecord record, WindowLimits window, Deadlines& deadlines)
    : record_(std::move(record)), deadlines_(deadlines), backlog_(window) {}

QueueTotals StandardQueue::totals() const {
    return {.next_sequence = next_sequence_,
            .messages = backlog_.size() + tracked_.size(),
            .bytes = bytes_,
            .purged_through = purged_through_};
}

QueueCounts StandardQueue::counts(Now now) const {
    QueueCounts counts{.visible = backlog_.size() + back_.size(),
                       .in_flight = in_flight_,
                       .delayed = delayed_,
                       .bytes = bytes_,
                       .oldest_age = std::nullopt};
    const auto consider = [&](WallTime sent_at) {
        const auto age = std::max(now.wall - sent_at, std::chrono::milliseconds(0));
        counts.oldest_age = std::max(counts.oldest_age.value_or(age), age);
    };
    if (const auto* oldest = backlog_.front()) consider(oldest->message->sent_at);
    if (!tracked_.empty()) consider(tracked_.begin()->second.state.sent_at);
    return counts;
}

const DeliveryState* StandardQueue::delivery(std::uint64_t sequence) const {
    const auto it = tracked_.find(sequence);
    return it == tracked_.end() ? nullptr : &it->second.state;
}

bool StandardQueue::is_in_flight(std::uint64_t sequence) const {
    const auto it = tracked_.find(sequence);
    return it != tracked_.end() && it->second.place == Place::in_flight;
}

void StandardQueue::change_settings(QueueSettings settings, Now now, Changes& changes) {
    record_.settings = std::move(settings);
    record_.modified_at = now.wall;
    changes.emplace_back(QueueWritten{record_});
}

void StandardQueue::change_tags(Tags tags, Changes& changes) {
    record_.tags = std::move(tags);
    changes.emplace_back(QueueWritten{record_});
}

MessageKey StandardQueue::add(MessagePtr message, std::chrono::seconds delay, Now now, Changes& changes) {
    const auto sequence = next_sequence_++;
    bytes_ += message->size();
    changes.emplace_back(MessageAdded{key(sequence), message});
    if (delay.count() == 0) {
        backlog_.push(sequence, std::move(message));
        return key(sequence);
    }
    const DeliveryState state{.receive_count = 0,
                              .holder = Holder::outside,
                              .size = static_cast<std::uint32_t>(message->size()),
                              .sent_at = message->sent_at,
                              .first_received_at = {},
                              .received_at = now.instant,
                              .visible_at = now.instant + delay,
                              .timeout = delay};
    track(sequence, state, Place::delayed);
    changes.emplace_back(DeliveryWritten{key(sequence), state});
    return key(sequence);
}

std::size_t StandardQueue::clear_front(std::size_t budget, StandardQueue* dead_letters, Now now, Changes& changes) {
    std::size_t cleared = 0;
    for (; cleared < budget && !back_.empty(); ++cleared) {
        const auto it = tracked_.find(*back_.begin());
        if (expired(it->second.state.sent_at, now)) {
            drop(it, changes);
        } else if (dead_letters != nullptr && spent(it->second.state)) {
            move(it, *dead_letters, changes);
        } else {
            break;
        }
    }
    // A message that was never delivered cannot be spent: a policy allows at least one receive.
    for (; cleared < budget; ++cleared) {
        const auto* oldest = backlog_.front();
        if (oldest == nullptr || !expired(oldest->message->sent_at, now)) break;
        const auto row = backlog_.pop_front();
        bytes_ -= row.message->size();
        changes.emplace_back(MessageRemoved{key(row.sequence), false});
    }
    return cleared;
}

bool StandardQueue::spent(const DeliveryState& state) const {
    if (!record_.settings.redrive || !safeguard(Safeguard::dead_lettering)) return false;
    return state.receive_count >= record_.settings.redrive->max_receive_count;
}

void StandardQueue::move(TrackedMap::iterator it, StandardQueue& to, Changes& changes) {
    const auto from = key(it->first);
    const auto state = it->second.state;
    untrack(it);
    bytes_ -= state.size;
    const auto sequence = to.next_sequence_++;
    to.bytes_ += state.size;
    to.backlog_.push_cold(sequence);
    changes.emplace_back(MessageMoved{from, to.key(sequence), record_.name.name, state.receive_count});
}

std::optional<StandardQueue::Delivered> StandardQueue::deliver_front(std::chrono::seconds timeout, Holder holder,
                                                                     Now now, Changes& changes) {
    Delivered delivered;
    if (!back_.empty()) {
        const auto it = tracked_.find(*back_.begin());
        delivered.sequence = it->first;
        delivered.state = it->second.state;
        untrack(it);
    } else if (backlog_.front() != nullptr) {
        auto row = backlog_.pop_front();
        delivered.sequence = row.sequence;
        delivered.state.size = static_cast<std::uint32_t>(row.message->size());
        delivered.state.sent_at = row.message->sent_at;
        delivered.message = std::move(row.message);
    } else {
        return std::nullopt;
    }

    auto& state = delivered.state;
    if (state.receive_count++ == 0) state.first_received_at = now.wall;
    state.holder = holder;
    state.received_at = now.instant;
    state.visible_at = now.instant + timeout;
    state.timeout = timeout;
    track(delivered.sequence, state, Place::in_flight);
    changes.emplace_back(DeliveryWritten{key(delivered.sequence), state});
    return delivered;
}

void StandardQueue::change_visibility(std::uint64_t sequence, std::chrono::seconds timeout, Now now, Changes& changes) {
    const auto it = tracked_.find(sequence);
    ORDERFLOW_INVARIANT(it != tracked_.end() && it->second.place == Place::in_flight);
    auto state = it->second.state;
    untrack(it);
    state.visible_at = now.instant + timeout;
    state.timeout = timeout;
    track(sequence, state, timeout.count() == 0 ? Place::back : Place::in_flight);
    changes.emplace_back(DeliveryWritten{key(sequence), state});
}

void StandardQueue::remove(std::uint64_t sequence, Changes& changes) {
    const auto it = tracked_.find(sequence);
    ORDERFLOW_INVARIANT(it != tracked_.end() && it->second.state.receive_count > 0);
    drop(it, changes);
}

std::optional<StandardQueue::Front> StandardQueue::front(std::uint64_t through) const {
    if (back_holds(through)) return Front{*back_.begin(), nullptr};
    const auto* oldest = backlog_.front();
    if (oldest == nullptr || oldest->sequence > through) return std::nullopt;
    return Front{oldest->sequence, oldest->message};
}

void StandardQueue::redrive_front(std::uint64_t through, StandardQueue& to, Changes& changes) {
    const bool has_delivery = back_holds(through);
    MessageKey from;
    std::uint64_t size = 0;
    if (has_delivery) {
        const auto it = tracked_.find(*back_.begin());
        from = key(it->first);
        size = it->second.state.size;
        untrack(it);
    } else {
        const auto row = backlog_.pop_front();
        from = key(row.sequence);
        size = row.message->size();
    }
    bytes_ -= size;
    const auto sequence = to.next_sequence_++;
    to.bytes_ += size;
    to.backlog_.push_cold(sequence);
    changes.emplace_back(MessageRedriven{from, to.key(sequence), has_delivery});
}

void StandardQueue::purge(Now now, Changes& changes) {
    record_.purged_at = now.wall;
    changes.emplace_back(QueueWritten{record_});
    clear(changes);
}

void StandardQueue::clear(Changes& changes) {
    for (const auto& [sequence, tracked] : tracked_) leave_place(sequence, tracked);
    tracked_.clear();
    backlog_.clear();
    bytes_ = 0;
    purged_through_ = next_sequence_ - 1;
    changes.emplace_back(QueuePurged{record_.no, purged_through_});
}

void StandardQueue::make_visible(std::uint64_t sequence) {
    auto& tracked = tracked_.at(sequence);
    ORDERFLOW_INVARIANT(tracked.place != Place::back);
    --(tracked.place == Place::in_flight ? in_flight_ : delayed_);
    tracked.place = Place::back;
    back_.insert(sequence);
}

std::optional<PageRequest> StandardQueue::wanted_page() const {
    auto request = backlog_.wanted();
    if (request) request->queue = record_.no;
    return request;
}

Result<void> StandardQueue::take_page(const Page& page) {
    return backlog_.take_page(page, [this](std::uint64_t sequence) { return tracked_.contains(sequence); });
}

Result<void> StandardQueue::restore(const QueueTotals& totals,
                                    const std::vector<std::pair<std::uint64_t, DeliveryState>>& deliveries, Now now) {
    next_sequence_ = totals.next_sequence;
    bytes_ = totals.bytes;
    purged_through_ = totals.purged_through;
    for (const auto& [sequence, state] : deliveries) {
        if (sequence <= purged_through_) continue;
        if (sequence >= next_sequence_) return fail(ErrorKind::internal, "queue.journal_damaged", "sequence unknown");
        const auto waiting_place = state.receive_count == 0 ? Place::delayed : Place::in_flight;
        track(sequence, state, state.visible_at > now.instant ? waiting_place : Place::back);
    }
    if (tracked_.size() > totals.messages) {
        return fail(ErrorKind::internal, "queue.journal_damaged", "more deliveries than messages");
    }
    backlog_.restore_cold(purged_through_ + 1, next_sequence_ - 1, totals.messages - tracked_.size());
    return {};
}

void StandardQueue::track(std::uint64_t sequence, const DeliveryState& state, Place place) {
    tracked_.emplace(sequence, Tracked{state, place});
    switch (place) {
        case Place::back: back_.insert(sequence); return;
        case Place::in_flight: ++in_flight_; break;
        case Place::delayed: ++delayed_; break;
    }
    deadlines_.add(state.visible_at, key(sequence));
}

void StandardQueue::leave_place(std::uint64_t sequence, const Tracked& tracked) {
    switch (tracked.place) {
        case Place::back: back_.erase(sequence); return;
        case Place::in_flight: --in_flight_; break;
        case Place::delayed: --delayed_; break;
    }
    deadlines_.remove(tracked.state.visible_at, key(sequence));
}

void StandardQueue::untrack(TrackedMap::iterator it) {
    leave_place(it->first, it->second);
    tracked_.erase(it);
}

void StandardQueue::drop(TrackedMap::iterator it, Changes& changes) {
    bytes_ -= it->second.state.size;
    changes.emplace_back(MessageRemoved{key(it->first), true});
    untrack(it);
}

}  // namespace orderflow::queue
