#include "queue-service/journal/durable_queues.hpp"

#include <utility>

namespace orderflow::queue {

namespace {

using Effect = Operation::Effect;

// What an operation without a body takes in the inbox, roughly.
constexpr std::size_t small_call = 256;
// With settings or tags: the largest policy and a few tags.
constexpr std::size_t settings_call = 16 * 1024;

Result<void> check_batch(std::size_t entries, std::size_t bytes) {
    if (entries == 0) return fail(ErrorKind::invalid_input, "queue.batch_empty");
    if (entries > limits::batch_entries_max || bytes > limits::batch_bytes_max) {
        return fail(ErrorKind::invalid_input, "queue.batch_too_large");
    }
    return {};
}

// A call on a queue that is not there fails as a whole, not entry by entry.
template <class Reply, class Entries, class One>
Result<std::vector<Result<Reply>>> for_each_entry(const QueueEngine& engine, QueueNo queue, Entries& entries, One one) {
    if (auto known = engine.totals(queue); !known) return fail(std::move(known).error());
    std::vector<Result<Reply>> replies;
    replies.reserve(entries.size());
    for (auto& entry : entries) replies.push_back(one(entry));
    return replies;
}

struct CancelReceive {
    std::weak_ptr<GroupCommitter> committer;
    WaiterId id;
    void operator()() const {
        if (const auto alive = committer.lock()) alive->cancel_receive(id);
    }
};

}  // namespace

Result<std::unique_ptr<DurableQueues>> DurableQueues::open(DurableQueuesOptions options, Executor& writer,
                                                           const Clock& clock, Entropy& entropy) {
    auto journal = Journal::open(options.journal, {clock.now(), clock.wall()}, entropy);
    if (!journal) return fail(std::move(journal).error());
    auto committer =
        std::make_shared<GroupCommitter>(*std::move(journal), writer, clock, entropy, std::move(options.committer));
    if (auto started = committer->start(); !started) return fail(std::move(started).error());
    return std::unique_ptr<DurableQueues>(new DurableQueues(std::move(committer)));
}

DurableQueues::DurableQueues(std::shared_ptr<GroupCommitter> committer) : committer_(std::move(committer)) {}

DurableQueues::~DurableQueues() { committer_->close(); }

template <class Reply>
task<Result<Reply>> DurableQueues::call(Effect effect, std::size_t bytes, typename EngineCall<Reply>::Work work) {
    co_return co_await await_completion<Result<Reply>>([&](Completion<Result<Reply>> done) {
        committer_->submit(std::make_unique<EngineCall<Reply>>(effect, bytes, std::move(work), std::move(done)));
    });
}

task<Result<QueueNo>> DurableQueues::create_queue(QueueName name, QueueSettings settings, Tags tags,
                                                  NameCooldown cooldown) {
    return call<QueueNo>(Effect::grows, settings_call,
                         [name = std::move(name), settings = std::move(settings), tags = std::move(tags), cooldown](
                             QueueEngine& engine, Now now, Changes& changes) {
                             return engine.create_queue(name, settings, tags, now, changes, cooldown);
                         });
}

task<Result<void>> DurableQueues::change_settings(QueueNo queue, QueueSettings settings) {
    return call<void>(Effect::grows, settings_call,
                      [queue, settings = std::move(settings)](QueueEngine& engine, Now now, Changes& changes) {
                          return engine.change_settings(queue, settings, now, changes);
                      });
}

task<Result<void>> DurableQueues::update_settings(QueueNo queue, SettingsUpdate update) {
    return call<void>(Effect::grows, settings_call,
                      [queue, update = std::move(update)](QueueEngine& engine, Now now, Changes& changes) {
                          auto record = engine.record(queue);
                          if (!record) return Result<void>(fail(std::move(record).error()));
                          auto settings = update(std::move(record->settings));
                          if (!settings) return Result<void>(fail(std::move(settings).error()));
                          return engine.change_settings(queue, *settings, now, changes);
                      });
}

task<Result<void>> DurableQueues::remove_queue(QueueNo queue) {
    return call<void>(Effect::keeps, small_call, [queue](QueueEngine& engine, Now now, Changes& changes) {
        return engine.remove_queue(queue, now, changes);
    });
}

task<Result<void>> DurableQueues::purge(QueueNo queue) {
    return call<void>(Effect::keeps, small_call, [queue](QueueEngine& engine, Now now, Changes& changes) {
        return engine.purge(queue, now, changes);
    });
}

task<Result<QueueNo>> DurableQueues::find(QueueName name) {
    return call<QueueNo>(Effect::keeps, small_call,
                         [name = std::move(name)](QueueEngine& engine, Now, Changes&) { return engine.find(name); });
}

task<Result<void>> DurableQueues::tag(QueueNo queue, Tags tags) {
    return call<void>(Effect::grows, settings_call,
                      [queue, tags = std::move(tags)](QueueEngine& engine, Now, Changes& changes) {
                          return engine.tag(queue, tags, changes);
                      });
}

task<Result<void>> DurableQueues::untag(QueueNo queue, std::vector<std::string> keys) {
    return call<void>(Effect::keeps, settings_call,
                      [queue, keys = std::move(keys)](QueueEngine& engine, Now, Changes& changes) {
                          return engine.untag(queue, keys, changes);
                      });
}

task<Result<Tags>> DurableQueues::tags(QueueNo queue) {
    return call<Tags>(Effect::keeps, small_call, [queue](QueueEngine& engine, Now, Changes&) -> Result<Tags> {
        auto record = engine.record(queue);
        if (!record) return fail(std::move(record).error());
        return std::move(record->tags);
    });
}

task<Result<std::vector<std::string>>> DurableQueues::list_queues(QueueScope scope, std::string prefix,
                                                                  std::string after, std::size_t limit) {
    return call<std::vector<std::string>>(
        Effect::keeps, small_call,
        [scope = std::move(scope), prefix = std::move(prefix), after = std::move(after), limit](
            QueueEngine& engine, Now, Changes&) -> Result<std::vector<std::string>> {
            return engine.list_queues(scope, prefix, after, limit);
        });
}

task<Result<std::vector<std::string>>> DurableQueues::dead_letter_sources(QueueNo queue, std::string after,
                                                                          std::size_t limit) {
    return call<std::vector<std::string>>(Effect::keeps, small_call,
                                          [queue, after = std::move(after), limit](QueueEngine& engine, Now, Changes&) {
                                              return engine.dead_letter_sources(queue, after, limit);
                                          });
}

task<Result<std::string>> DurableQueues::start_move_task(QueueNo source, MoveOrder order) {
    return call<std::string>(Effect::grows, small_call,
                             [source, order](QueueEngine& engine, Now now, Changes& changes) {
                                 return engine.start_move_task(source, order, now, changes);
                             });
}

task<Result<std::uint64_t>> DurableQueues::cancel_move_task(QueueScope scope, std::string handle) {
    return call<std::uint64_t>(
        Effect::keeps, small_call,
        [scope = std::move(scope), handle = std::move(handle)](QueueEngine& engine, Now now, Changes& changes) {
            return engine.cancel_move_task(scope, handle, now, changes);
        });
}

task<Result<std::vector<MoveTaskReport>>> DurableQueues::move_tasks(QueueNo source, std::size_t limit) {
    return call<std::vector<MoveTaskReport>>(
        Effect::keeps, small_call,
        [source, limit](QueueEngine& engine, Now, Changes&) { return engine.move_tasks(source, limit); });
}

task<Result<QueueRecord>> DurableQueues::record(QueueNo queue) {
    return call<QueueRecord>(Effect::keeps, small_call,
                             [queue](QueueEngine& engine, Now, Changes&) { return engine.record(queue); });
}

task<Result<std::vector<QueueNo>>> DurableQueues::queues() {
    return call<std::vector<QueueNo>>(Effect::keeps, small_call, [](QueueEngine& engine, Now, Changes&) {
        return Result<std::vector<QueueNo>>(engine.queues());
    });
}

task<Result<QueueCounts>> DurableQueues::counts(QueueNo queue) {
    return call<QueueCounts>(Effect::keeps, small_call,
                             [queue](QueueEngine& engine, Now now, Changes&) { return engine.counts(queue, now); });
}

task<Result<std::vector<Result<MessageId>>>> DurableQueues::send(QueueNo queue, std::vector<NewMessage> messages) {
    std::size_t bytes = 0;
    for (const auto& message : messages) bytes += message.body.size() + message.attributes.size();
    if (auto valid = check_batch(messages.size(), bytes); !valid) co_return fail(std::move(valid).error());
    // Applied once: what grows is refused, not tried again, after a rollback. So the bodies can be moved.
    EngineCall<std::vector<Result<MessageId>>>::Work work =
        [queue, messages = std::move(messages)](QueueEngine& engine, Now now, Changes& changes) mutable {
            return for_each_entry<MessageId>(engine, queue, messages, [&](NewMessage& message) {
                return engine.send(queue, std::move(message), now, changes);
            });
        };
    co_return co_await call<std::vector<Result<MessageId>>>(Effect::grows, bytes + small_call, std::move(work));
}

task<Result<std::vector<Result<void>>>> DurableQueues::remove(QueueNo queue, std::vector<std::string> receipts) {
    if (auto valid = check_batch(receipts.size(), 0); !valid) co_return fail(std::move(valid).error());
    const auto bytes = small_call * receipts.size();
    EngineCall<std::vector<Result<void>>>::Work work = [queue, receipts = std::move(receipts)](QueueEngine& engine, Now,
                                                                                               Changes& changes) {
        return for_each_entry<void>(engine, queue, receipts,
                                    [&](const std::string& receipt) { return engine.remove(queue, receipt, changes); });
    };
    co_return co_await call<std::vector<Result<void>>>(Effect::keeps, bytes, std::move(work));
}

task<Result<std::vector<Result<void>>>> DurableQueues::change_visibility(QueueNo queue,
                                                                         std::vector<VisibilityCall> changes) {
    if (auto valid = check_batch(changes.size(), 0); !valid) co_return fail(std::move(valid).error());
    const auto bytes = small_call * changes.size();
    EngineCall<std::vector<Result<void>>>::Work work = [queue, asked = std::move(changes)](QueueEngine& engine, Now now,
                                                                                           Changes& written) {
        return for_each_entry<void>(engine, queue, asked, [&](const VisibilityCall& change) {
            return engine.change_visibility(queue, change.receipt, change.timeout, now, written);
        });
    };
    co_return co_await call<std::vector<Result<void>>>(Effect::keeps, bytes, std::move(work));
}

task<Result<std::vector<Received>>> DurableQueues::receive(QueueNo queue, ReceiveCall call) {
    if (call.wait.count() < 0 || call.wait > limits::receive_wait_max) {
        co_return fail(ErrorKind::invalid_input, "queue.wait_invalid");
    }
    std::optional<std::stop_callback<CancelReceive>> on_stop;
    auto received = co_await await_completion<Result<std::vector<Received>>>([&](ReceiveDone done) {
        const auto id = committer_->submit_receive(queue, call.options, call.wait, std::move(done));
        on_stop.emplace(call.stop, CancelReceive{committer_, id});
    });
    on_stop.reset();
    if (!received || received->empty() || !call.stop.stop_requested()) co_return received;

    // Delivered and cancelled at once: the messages go back; should that fail, their leases end by themselves.
    std::vector<VisibilityCall> back;
    for (auto& message : *received) back.push_back({std::move(message.receipt), 0s});
    (void)co_await change_visibility(queue, std::move(back));
    co_return std::vector<Received>();
}

}  // namespace orderflow::queue
