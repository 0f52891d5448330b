#include "libs/orders/application/delivery/lane_progress.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "libs/base/invariant.hpp"

namespace orderflow::orders {

using std::chrono::milliseconds;

namespace {

milliseconds share(milliseconds longest, std::uint64_t random) {
    const auto count = static_cast<unsigned __int128>(random) * static_cast<std::uint64_t>(longest.count());
    return milliseconds(static_cast<std::int64_t>(count >> 64U));
}

}  // namespace

LaneProgress::LaneProgress(EventLane stored, const EndpointSettings& settings, Time time)
    : lane_(std::move(stored)), settings_(settings), read_to_(lane_.cursor) {
    for (auto& order : std::exchange(lane_.held, {})) {
        const auto left = std::clamp(order.due - time.wall, milliseconds(0), milliseconds(order.wait_ms));
        held_.push_back({.order = order, .due = time.now + left});
    }
}

void LaneProgress::endpoint_changed(const EndpointSettings& settings, std::int64_t revision, Instant now) {
    settings_ = settings;
    if (lane_.seen_revision == revision) return;
    lane_.seen_revision = revision;
    lane_.failures = 0;
    paused_until_ = {};
    for (auto& held : held_) {
        held.due = now;
        held.order.wait_ms = 0;
    }
    dirty_ = true;
}

bool LaneProgress::is_wanted(const OrderEvent& event, WallTime committed) const {
    if (lane_.since && committed < *lane_.since) return false;
    if (lane_.until && committed >= *lane_.until) return false;
    return lane_.kind == LaneKind::one || orders::is_wanted(settings_, event.type);
}

const OrderEvent* LaneProgress::next_wanted(const std::vector<OrderEvent>& history, std::int32_t through) const {
    for (std::size_t i = 0; i < history.size() && history[i].version <= through; ++i) {
        // The first event says when the order was accepted; it was committed with the second.
        const bool is_first = history[i].version == 1 && i + 1 < history.size();
        if (is_wanted(history[i], history[is_first ? i + 1 : i].at)) return &history[i];
    }
    return nullptr;
}

bool LaneProgress::wants_events() const {
    return !lane_.read_all && lane_.found_start && !only_probes() && window_.size() < window_max / 2 &&
           held_.size() < limits::held_orders_max;
}

void LaneProgress::start_at(EventPosition position) {
    lane_.cursor = position;
    lane_.found_start = true;
    read_to_ = position;
    dirty_ = true;
}

void LaneProgress::add(std::vector<FeedEvent> events, bool at_end) {
    std::map<EventPosition, WallTime> committed;
    for (const auto& feed : events) committed[feed.at] = std::max(committed[feed.at], feed.event.at);
    for (auto& feed : events) {
        read_to_ = feed.at;
        const auto at = committed.at(feed.at);
        if (lane_.until && at >= *lane_.until + range_slack) lane_.read_all = true;
        Item item(std::move(feed));
        if (auto* held = find_held(item.feed.order)) {
            held->order.through = std::max(held->order.through, item.feed.event.version);
            item.state = State::done;
        } else if (!is_wanted(item.feed.event, at)) {
            item.state = State::done;
        }
        window_.push_back(std::move(item));
    }
    at_end_ = at_end;
    if (at_end && lane_.kind == LaneKind::range) lane_.read_all = true;
    if (!events.empty() || lane_.read_all) dirty_ = true;
    advance_cursor();
}

// Those of one transition have one position: the cursor goes on when all of them are done.
void LaneProgress::advance_cursor() {
    std::size_t done = 0;
    for (std::size_t i = 0; i < window_.size() && window_[i].state == State::done; ++i) {
        const bool last_of_position = i + 1 == window_.size() || window_[i + 1].feed.at != window_[i].feed.at;
        if (last_of_position) done = i + 1;
    }
    if (done == 0) return;
    lane_.cursor = window_[done - 1].feed.at;
    window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(done));
    dirty_ = true;
}

LaneProgress::Held* LaneProgress::find_held(const OrderId& order) {
    const auto found = std::ranges::find(held_, order, [](const Held& held) { return held.order.order; });
    return found != held_.end() ? &*found : nullptr;
}

std::optional<LaneWork> LaneProgress::take(Instant now) {
    if (is_blocked(now)) return std::nullopt;
    if (only_probes() && under_way_ > 0) return std::nullopt;  // one at a time, to see whether it is there again
    auto work = take_held(now);
    if (!work && !only_probes()) work = take_new();
    if (work) ++under_way_;
    return work;
}

std::optional<LaneWork> LaneProgress::take_held(Instant now) {
    Held* next = nullptr;
    for (auto& held : held_) {
        if (held.under_way || held.due > now) continue;
        if (next == nullptr || held.due < next->due) next = &held;
    }
    if (next == nullptr) return std::nullopt;
    next->under_way = true;
    LaneWork work(next->order.order, next->order.next, next->order.attempts + 1);
    work.through = next->order.through;
    return work;
}

std::optional<LaneWork> LaneProgress::take_new() {
    if (held_.size() + under_way_ >= limits::held_orders_max) return std::nullopt;  // each may come to be held
    std::set<OrderId> busy;
    for (auto& item : window_) {
        if (item.state == State::done || !busy.insert(item.feed.order).second) continue;
        if (item.state != State::waiting) continue;
        item.state = State::under_way;
        LaneWork work(item.feed.order, item.feed.event.version, 1);
        work.event = item.feed.event;
        return work;
    }
    return std::nullopt;
}

std::optional<Instant> LaneProgress::next_due() const {
    std::optional<Instant> next;
    for (const auto& held : held_) {
        if (held.under_way) continue;
        const auto due = std::max(held.due, paused_until_);
        if (!next || due < *next) next = due;
    }
    return next;
}

AttemptVerdict LaneProgress::finished(const LaneWork& work, const AttemptResult& result, Time time,
                                      std::uint64_t random) {
    ORDERFLOW_INVARIANT(under_way_ > 0);
    --under_way_;
    if (result.kind == AttemptResult::Kind::dropped) {
        if (auto* held = find_held(work.order)) {
            held->under_way = false;
            held->due = std::max(held->due, time.now + result.retry_after);
        }
        for (auto& item : window_) {
            if (item.state == State::under_way && item.feed.order == work.order) item.state = State::waiting;
        }
        AttemptVerdict verdict;
        verdict.outcome = DeliveryOutcome::failed;
        return verdict;
    }
    dirty_ = true;
    if (result.kind != AttemptResult::Kind::delivered) return fail(work, result, time, random);
    succeed(work, time, random);
    return {};
}

void LaneProgress::succeed(const LaneWork& work, Time time, std::uint64_t random) {
    ++lane_.delivered;
    lane_.last_success_at = time.wall;
    if (auto* held = find_held(work.order)) {
        held->due = time.now;
        pass(*held);
    } else {
        for (auto& item : window_) {
            if (item.state == State::under_way && item.feed.order == work.order) item.state = State::done;
        }
        advance_cursor();
    }
    const bool was_failing = is_failing();
    lane_.failures = 0;
    if (!was_failing) return;
    std::uint64_t mixed = random;
    for (auto& held : held_) {
        mixed = mixed * 6364136223846793005U + 1442695040888963407U;  // one draw for each, of one that is random
        held.order.wait_ms = share(catch_up_within, mixed).count();
        held.due = std::min(held.due, time.now + milliseconds(held.order.wait_ms));
    }
}

// Its oldest event is done with.
void LaneProgress::pass(Held& held) {
    held.under_way = false;
    ++held.order.next;
    held.order.attempts = 0;
    held.order.wait_ms = 0;
    if (held.order.next > held.order.through) {
        std::erase_if(held_, [id = held.order.order](const Held& one) { return one.order.order == id; });
    }
}

// From the window to the held orders, with what was read of the order behind it.
void LaneProgress::hold(const OrderId& order, std::int32_t version, Time time) {
    HeldOrder held;
    held.order = order;
    held.next = version;
    held.through = version;
    held.first_failed_at = time.wall;
    for (auto& item : window_) {
        if (item.feed.order != order || item.state == State::done) continue;
        if (item.feed.event.version == version) held.event_at = item.feed.event.at;
        held.through = std::max(held.through, item.feed.event.version);
        item.state = State::done;
    }
    held_.push_back({.order = held});
    advance_cursor();
}

AttemptVerdict LaneProgress::fail(const LaneWork& work, const AttemptResult& result, Time time, std::uint64_t random) {
    if (find_held(work.order) == nullptr) hold(work.order, work.version, time);
    auto& held = *find_held(work.order);
    held.under_way = false;
    ++lane_.failures;
    AttemptVerdict verdict;
    verdict.outcome = DeliveryOutcome::failed;
    if (lane_.kind == LaneKind::test) {
        verdict.outcome = DeliveryOutcome::given_up;
        ++lane_.given_up;
        pass(held);
        return verdict;
    }
    const bool gone = result.kind == AttemptResult::Kind::gone;
    if (held.order.attempts == 0) held.order.first_failed_at = time.wall;
    ++held.order.attempts;
    const bool spent = held.order.attempts >= attempts_max;
    const bool nothing_since = !lane_.last_success_at || *lane_.last_success_at < held.order.first_failed_at;
    if (gone || (spent && nothing_since)) {
        // It begins anew when somebody enables the endpoint again.
        held.order.attempts = 0;
        held.order.wait_ms = 0;
        held.due = time.now;
        verdict.outcome = DeliveryOutcome::disabled;
        verdict.disable = gone ? "gone" : "failing";
        return verdict;
    }
    if (spent) {
        verdict.outcome = DeliveryOutcome::given_up;
        ++lane_.given_up;
        held.due = time.now;
        pass(held);
        return verdict;
    }
    const auto asked = std::min<milliseconds>(result.retry_after, retry_after_max);
    const auto wait = std::max(retry_wait(held.order.attempts, random), asked);
    held.order.wait_ms = wait.count();
    held.due = time.now + wait;
    if (asked > milliseconds(0)) paused_until_ = std::max(paused_until_, time.now + asked);
    verdict.wait = wait;
    return verdict;
}

void LaneProgress::nothing_left(const LaneWork& work) {
    ORDERFLOW_INVARIANT(under_way_ > 0);
    --under_way_;
    dirty_ = true;
    if (work.gone) ++lane_.given_up;
    auto* held = find_held(work.order);
    if (held == nullptr) return;
    // What was read meanwhile is still to be looked at.
    held->order.next = std::max(held->order.next, work.through);
    pass(*held);
}

void LaneProgress::moved_on(LaneWork& work, std::int32_t version) {
    auto* held = find_held(work.order);
    if (held == nullptr || held->order.next == version) return;
    held->order.next = version;
    held->order.attempts = 0;
    work.version = version;
    work.attempt = 1;
    dirty_ = true;
}

bool LaneProgress::is_over() const {
    return lane_.kind != LaneKind::live && lane_.read_all && window_.empty() && held_.empty() && under_way_ == 0;
}

EventLane LaneProgress::stored(Time time) {
    dirty_ = false;
    auto lane = lane_;
    for (const auto& held : held_) {
        auto& order = lane.held.emplace_back(held.order);
        const auto left = std::chrono::ceil<milliseconds>(std::max(held.due - time.now, BootClock::duration(0)));
        order.due = time.wall + left;
    }
    return lane;
}

std::optional<WallTime> LaneProgress::oldest() const {
    std::optional<WallTime> oldest;
    const auto consider = [&](WallTime at) { oldest = oldest ? std::min(*oldest, at) : at; };
    for (const auto& held : held_) consider(held.order.event_at);
    for (const auto& item : window_) {
        if (item.state != State::done) consider(item.feed.event.at);
    }
    return oldest;
}

}  // namespace orderflow::orders
