#include "queue-service/journal/group_committer.hpp"

#include <algorithm>
#include <utility>

#include "libs/base/safeguard.hpp"

namespace orderflow::queue {

namespace {

// What one step takes at most; with an idle disk it is a few calls, this bounds the longest transaction (about 0.2 s).
constexpr std::size_t inbox_calls_max = 20'000;
constexpr std::size_t inbox_bytes_max = 32 * 1024 * 1024;

// A group that fails on a full disk costs a rollback and a load of the engine: not for every send.
constexpr auto disk_full_pause = 1s;

bool is_disk_full(const Error& error) { return error.code() == "disk.full"; }

Error disk_full_error() {
    return Error(ErrorKind::unavailable, "queue.disk_full", "no space for the queue's journal; nothing was kept");
}

template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};

}  // namespace

GroupCommitter::GroupCommitter(Journal journal, Executor& executor, const Clock& clock, Entropy& entropy,
                               CommitterOptions options)
    : journal_(std::move(journal)),
      executor_(executor),
      clock_(clock),
      entropy_(entropy),
      options_(std::move(options)) {}

Result<void> GroupCommitter::start() {
    now_ = {clock_.now(), clock_.wall()};
    if (auto loaded = load(true); !loaded) return loaded;
    // Messages that wait for their time write nothing until then.
    for (const auto queue : engine_->queues()) tell_counts(queue);
    schedule();
    tell_all_later();
    return {};
}

// Arrival

void GroupCommitter::submit(std::unique_ptr<Operation> operation) {
    std::optional<Error> refused;
    {
        const std::lock_guard lock(mutex_);
        const auto calls = inbox_.operations.size() + inbox_.receives.size();
        if (refusing_) {
            refused = refusing_;
        } else if (calls >= inbox_calls_max || inbox_.bytes + operation->bytes() > inbox_bytes_max) {
            refused = Error(ErrorKind::throttled, "queue.inbox_full");
        } else {
            inbox_.bytes += operation->bytes();
            inbox_.operations.push_back(std::move(operation));
            schedule_locked();
        }
    }
    if (refused) operation->refuse(*refused);
}

WaiterId GroupCommitter::submit_receive(QueueNo queue, const ReceiveOptions& options, BootClock::duration wait,
                                        ReceiveDone done) {
    const auto until = clock_.now() + wait;
    std::optional<Error> refused;
    WaiterId id{};
    {
        const std::lock_guard lock(mutex_);
        id = WaiterId{next_waiter_++};
        if (refusing_) {
            refused = refusing_;
        } else if (inbox_.operations.size() + inbox_.receives.size() >= inbox_calls_max) {
            refused = Error(ErrorKind::throttled, "queue.inbox_full");
        } else {
            const Waiter waiter{
                .id = id, .queue = queue, .options = options, .until = until, .long_poll = wait > wait.zero()};
            inbox_.receives.push_back({waiter, std::move(done)});
            schedule_locked();
        }
    }
    if (refused) done.complete(std::unexpected(*std::move(refused)));
    return id;
}

void GroupCommitter::cancel_receive(WaiterId id) {
    const std::lock_guard lock(mutex_);
    if (refusing_) return;
    inbox_.cancelled.push_back(id);
    schedule_locked();
}

void GroupCommitter::schedule() {
    const std::lock_guard lock(mutex_);
    schedule_locked();
}

void GroupCommitter::schedule_locked() {
    if (std::exchange(scheduled_, true)) return;
    executor_.post([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->step();
    });
}

void GroupCommitter::accept(Inbox& inbox) {
    for (auto& [waiter, done] : inbox.receives) {
        if (auto valid = engine_->check_receive(waiter.queue, waiter.options); !valid) {
            done.complete(std::unexpected(std::move(valid).error()));
            continue;
        }
        waiters_.add(waiter);
        receivers_.emplace(waiter.id, std::move(done));
    }
    for (const auto id : inbox.cancelled) {
        if (waiters_.take(id)) answer(id, std::vector<Received>());
    }
}

// A step

void GroupCommitter::step() {
    Inbox inbox;
    {
        const std::lock_guard lock(mutex_);
        scheduled_ = false;
        if (refusing_) return;
        inbox = std::exchange(inbox_, {});
    }
    now_ = {clock_.now(), clock_.wall()};
    accept(inbox);
    auto& group = inbox.operations;
    if (growth_refused_until_ && now_.instant < *growth_refused_until_) {
        refuse_growth(group, disk_full_error());
    } else {
        growth_refused_until_.reset();
        full_ = false;  // as far as anybody knows
    }

    auto done = try_group(group);
    if (!done && is_disk_full(done.error())) done = survive_full_disk(group);
    if (!safeguard(Safeguard::journal_end)) done = {};
    if (done) {
        report_.operations = group.size();
        answer(std::exchange(group, {}));
        if (wrote_) report();
        done = journal_.checkpoint_if_due();
        if (!done && is_disk_full(done.error())) done = {};  // tried again when the log has grown
    }
    if (done) return plan_next_step();

    journal_.roll_back();
    refuse_all(group, Error(ErrorKind::unavailable, "queue.journal_failed", done.error().detail()));
    options_.on_fatal(done.error());
}

Result<void> GroupCommitter::try_group(Group& group) {
    report_ = {};
    delivered_.clear();
    changes_.clear();
    if (auto advanced = advance(); !advanced) return advanced;
    for (const auto& operation : group) {
        operation->apply(*engine_, now_, changes_);
        if (auto recorded = record(); !recorded) return recorded;
    }
    if (auto served = serve_waiters(); !served) return served;
    end_timed_out();
    if (!safeguard(Safeguard::answer_after_commit)) answer(std::exchange(group, {}));
    return commit();
}

Result<void> GroupCommitter::advance() {
    // A full disk must not be met again by what nobody waits for: deletes would be refused with it.
    engine_->advance(now_, changes_, growth_refused_until_ ? QueueEngine::Moves::held : QueueEngine::Moves::run);
    if (auto recorded = record(); !recorded) return recorded;
    while (const auto wanted = engine_->wanted_message()) {
        const auto content = journal_.read_message(*wanted);
        if (!content) return fail(content.error());
        engine_->redrive_wanted(**content, now_, changes_);
        if (auto recorded = record(); !recorded) return recorded;
    }
    return {};
}

// Writes what the last operation changed into the open transaction, so that reads of pages and bodies see it.
Result<void> GroupCommitter::record() {
    for (const auto& change : changes_) {
        std::visit(Overloaded{[this](const MessageAdded&) { ++report_.sent; },
                              [this](const MessageRemoved&) { ++report_.removed; },
                              [this](const MessageMoved&) { ++report_.dead_lettered; },
                              [this](const QueuePurged& all) {
                                  if (const auto* name = engine_->name_of(all.queue)) report_.purged.push_back(*name);
                              },
                              [this](const QueueRemoved& queue) { report_.removed_queues.push_back(queue.name); },
                              [](const auto&) {}},
                   change);
    }
    auto written = journal_.write(changes_);
    changes_.clear();
    return written;
}

Result<void> GroupCommitter::feed(QueueNo queue) {
    while (const auto wanted = engine_->wanted_page(queue)) {
        const auto page = journal_.read_page(*wanted);
        if (!page) return fail(page.error());
        if (auto taken = engine_->take_page(queue, *page); !taken) return taken;
    }
    return {};
}

Result<void> GroupCommitter::serve_waiters() {
    more_to_serve_ = false;
    at_limit_.clear();
    for (const auto queue : waiters_.queues()) {
        for (;;) {
            const auto served = serve_earliest(queue);
            if (!served) return fail(served.error());
            if (!*served) break;
        }
    }
    return {};
}

// False when nobody waits at the queue or there is nothing to hand out.
Result<bool> GroupCommitter::serve_earliest(QueueNo queue) {
    const auto* const earliest = waiters_.earliest(queue);
    if (earliest == nullptr) return false;
    if (auto valid = engine_->check_receive(queue, earliest->options); !valid) {  // the queue was removed
        served_.push_back({*waiters_.take(earliest->id), std::unexpected(std::move(valid).error())});
        return true;
    }
    if (!engine_->has_visible(queue)) return false;
    auto reply = receive_for(*earliest);
    if (!reply) return fail(std::move(reply).error());
    if (!reply->has_value()) {
        at_limit_.push_back(queue);
        return false;
    }
    if ((*reply)->empty()) {
        more_to_serve_ = more_to_serve_ || engine_->has_visible(queue);
        return false;
    }
    served_.push_back({*waiters_.take(earliest->id), *std::move(reply)});
    return true;
}

// The outer Result is the journal's, the inner one the engine's answer.
Result<GroupCommitter::ReceiveReply> GroupCommitter::receive_for(const Waiter& waiter) {
    std::vector<Received> out;
    std::size_t bytes = 0;
    auto options = waiter.options;
    while (out.size() < waiter.options.max_messages && bytes < limits::receive_bytes_max) {
        if (auto fed = feed(waiter.queue); !fed) return fail(std::move(fed).error());
        const auto wanted = waiter.options.max_messages - static_cast<std::uint32_t>(out.size());
        options.max_messages = std::min(wanted, limits::receive_messages_wire);
        auto some = engine_->receive(waiter.queue, options, now_, changes_);
        if (!some && out.empty()) return ReceiveReply(std::unexpected(std::move(some).error()));
        if (!some) break;
        if (auto recorded = record(); !recorded) return fail(std::move(recorded).error());
        for (auto& delivery : *some) {
            auto received = with_content(std::move(delivery));
            if (!received) return fail(std::move(received).error());
            bytes += received->message->size();
            out.push_back(*std::move(received));
        }
        if (some->empty()) break;
    }
    report_.delivered += out.size();
    if (!out.empty()) delivered_[waiter.queue] += out.size();
    return ReceiveReply(std::move(out));
}

Result<Received> GroupCommitter::with_content(Delivery delivery) {
    if (!delivery.message) {
        auto content = journal_.read_message(delivery.key);
        if (!content) return fail(std::move(content).error());
        delivery.message = *std::move(content);
    }
    const auto count = delivery.message->prior_receives + delivery.receive_count;
    return Received{std::move(delivery.message), std::move(delivery.receipt), count, delivery.first_received_at};
}

void GroupCommitter::end_timed_out() {
    while (const auto id = waiters_.timed_out(now_.instant)) {
        auto waiter = *waiters_.take(*id);
        // At the limit of messages in flight a short poll learns of it, a long poll waits and ends empty: as on AWS.
        if (!waiter.long_poll && std::ranges::find(at_limit_, waiter.queue) != at_limit_.end()) {
            served_.push_back({waiter, fail(ErrorKind::throttled, "queue.over_limit")});
        } else {
            served_.push_back({waiter, std::vector<Received>()});
        }
    }
}

Result<void> GroupCommitter::commit() {
    if (journal_.needs_clean_up()) {
        if (auto begun = journal_.begin(); !begun) return begun;
        if (auto cleaned = journal_.clean_up(); !cleaned) return fail(std::move(cleaned).error());
    }
    wrote_ = journal_.in_group();
    if (!wrote_) return {};
    for (const auto queue : journal_.touched()) {
        if (auto fed = feed(queue); !fed) return fed;
        // A move has put messages where somebody waits who was passed over before.
        more_to_serve_ = more_to_serve_ || (waiters_.earliest(queue) != nullptr && report_.dead_lettered > 0);
    }
    const auto applied = clock_.now();
    report_.apply_time = applied - now_.instant;
    auto committed = journal_.commit(*engine_);
    report_.sync_time = clock_.now() - applied;
    return committed;
}

// Afterwards

void GroupCommitter::answer(Group group) {
    for (const auto& operation : group) operation->answer();
    for (auto& [waiter, reply] : std::exchange(served_, {})) answer(waiter.id, std::move(reply));
}

void GroupCommitter::answer(WaiterId id, ReceiveReply reply) {
    auto receiver = receivers_.extract(id);
    receiver.mapped().complete(std::move(reply));
}

void GroupCommitter::report() {
    if (options_.observer == nullptr) return;
    options_.observer->group_committed(report_);
    for (const auto& [queue, count] : delivered_) {
        if (const auto* name = engine_->name_of(queue)) options_.observer->messages_delivered(*name, count);
    }
    for (const auto queue : journal_.touched()) tell_counts(queue);
}

void GroupCommitter::tell_counts(QueueNo queue) {
    if (options_.observer == nullptr) return;
    options_.observer->queue_changed(*engine_->name_of(queue), *engine_->counts(queue, now_));
}

void GroupCommitter::tell_all_later() {
    if (options_.observer == nullptr || options_.tell_every <= BootClock::duration::zero()) return;
    executor_.post_at(clock_.now() + options_.tell_every, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->tell_all();
    });
}

void GroupCommitter::tell_all() {
    {
        const std::lock_guard lock(mutex_);
        if (refusing_) return;
    }
    const Now now{clock_.now(), clock_.wall()};
    std::vector<std::pair<QueueName, QueueCounts>> all;
    for (const auto queue : engine_->queues()) all.emplace_back(*engine_->name_of(queue), *engine_->counts(queue, now));
    options_.observer->queues_counted(all);
    tell_all_later();
}

void GroupCommitter::plan_next_step() {
    if (more_to_serve_ || journal_.needs_clean_up()) schedule();
    auto deadline = engine_->next_deadline();
    // What is due cannot be written on a full disk: trying again at once would only keep the processor busy.
    if (deadline && growth_refused_until_) deadline = std::max(*deadline, *growth_refused_until_);
    const auto earlier = [&deadline](std::optional<Instant> other) {
        if (other && (!deadline || *other < *deadline)) deadline = other;
    };
    earlier(waiters_.next_deadline());
    if (waiters_.size() > 0) earlier(growth_refused_until_);
    if (deadline) wake_at(*deadline);
}

void GroupCommitter::wake_at(Instant at) {
    if (at <= now_.instant) return schedule();
    if (wake_at_ && *wake_at_ <= at) return;
    executor_.cancel(timer_);
    wake_at_ = at;
    timer_ = executor_.post_at(at, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        self->wake_at_.reset();
        self->step();
    });
}

// When it fails

Result<void> GroupCommitter::survive_full_disk(Group& group) {
    growth_refused_until_ = now_.instant + disk_full_pause;
    full_ = true;
    if (options_.observer != nullptr) options_.observer->disk_full();
    if (auto undone = undo_group(); !undone) return undone;
    refuse_growth(group, disk_full_error());
    // A log that was moved into the database starts anew in the space that it already has.
    if (auto moved = journal_.checkpoint(); !moved && !is_disk_full(moved.error())) return moved;

    auto done = try_group(group);
    if (done || !is_disk_full(done.error())) return done;
    if (auto undone = undo_group(); !undone) return undone;
    for (const auto& operation : std::exchange(group, {})) operation->refuse(disk_full_error());
    end_timed_out();
    return {};
}

// As if the group had not been tried: the journal as committed, the engine built from it, the waiters in their places.
Result<void> GroupCommitter::undo_group() {
    journal_.roll_back();
    for (const auto& served : std::exchange(served_, {})) waiters_.add(served.waiter);
    wrote_ = false;
    more_to_serve_ = false;
    return load(false);
}

Result<void> GroupCommitter::load(bool release_embedded) {
    engine_.emplace(journal_.receipt_key(), entropy_, options_.engine);
    if (auto loaded = journal_.load(*engine_, now_, release_embedded); !loaded) return loaded;
    for (const auto queue : engine_->queues()) {
        if (auto fed = feed(queue); !fed) return fed;
    }
    return {};
}

void GroupCommitter::refuse_growth(Group& group, const Error& error) {
    std::erase_if(group, [&error](const auto& operation) {
        if (operation->effect() != Operation::Effect::grows) return false;
        operation->refuse(error);
        return true;
    });
}

void GroupCommitter::refuse_all(Group& group, const Error& error) {
    Inbox inbox;
    {
        const std::lock_guard lock(mutex_);
        refusing_ = error;
        inbox = std::exchange(inbox_, {});
    }
    for (const auto& operation : group) operation->refuse(error);
    for (const auto& operation : inbox.operations) operation->refuse(error);
    for (auto& arrival : inbox.receives) arrival.done.complete(std::unexpected(error));
    for (auto& [id, done] : std::exchange(receivers_, {})) done.complete(std::unexpected(error));
    group.clear();
    served_.clear();
    executor_.cancel(timer_);
}

void GroupCommitter::close() {
    Group none;
    refuse_all(none, Error(ErrorKind::unavailable, "queue.closed"));
}

}  // namespace orderflow::queue
