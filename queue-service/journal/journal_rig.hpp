// For tests: a DurableQueues in a directory of its own, on one loop with virtual time and a disk that fails on command.
#pragma once

#include <gtest/gtest.h>

#include "libs/testing/fault_vfs.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"
#include "libs/testing/temp_dir.hpp"
#include "queue-service/journal/durable_queues.hpp"

namespace orderflow::queue {

class JournalRig {
  public:
    explicit JournalRig(std::uint64_t seed = 1) : entropy_(seed), vfs_("queue-journal-" + std::to_string(seed)) {
        options_.journal = {.path = dir_ / "queue.db", .vfs = vfs_.name()};
        options_.committer.on_fatal = [this](const Error& error) { fatal_ = error; };
    }

    DurableQueuesOptions& options() { return options_; }
    SimLoop& loop() { return loop_; }
    FaultVfs& vfs() { return vfs_; }
    DurableQueues& queues() { return *queues_; }
    const std::optional<Error>& fatal() const { return fatal_; }
    std::string path() const { return options_.journal.path; }

    Result<void> try_open() {
        queues_.reset();
        fatal_.reset();
        auto opened = DurableQueues::open(options_, loop_, loop_.clock(), entropy_);
        if (!opened) return fail(std::move(opened).error());
        queues_ = *std::move(opened);
        loop_.run_ready();
        return {};
    }
    void open() {
        const auto opened = try_open();
        ASSERT_TRUE(opened) << opened.error().code() << " " << opened.error().detail();
    }
    void close() { queues_.reset(); }
    // Every write that was not synced may be gone, whole or in part.
    void cut_power() {
        vfs_.power_off();
        close();
        vfs_.power_on(entropy_);
    }

    template <class T>
    T run(task<T> work) {
        return loop_.run(std::move(work));
    }
    QueueNo create(const std::string& name, const QueueSettings& settings = {}) {
        return run(queues_->create_queue({default_scope(), name}, settings)).value();
    }
    Result<std::vector<Result<MessageId>>> send_all(QueueNo queue, const std::vector<std::string>& bodies) {
        std::vector<NewMessage> messages;
        for (const auto& body : bodies) messages.push_back({.body = body});
        return run(queues_->send(queue, std::move(messages)));
    }
    Result<MessageId> send(QueueNo queue, std::string body) {
        auto sent = send_all(queue, {std::move(body)});
        if (!sent) return fail(std::move(sent).error());
        return sent->at(0);
    }
    Result<std::vector<Received>> receive(QueueNo queue, std::uint32_t max = 10, Holder holder = Holder::outside,
                                          std::optional<std::chrono::seconds> visibility = {}) {
        return run(queues_->receive(
            queue, {.options = {.max_messages = max, .visibility_timeout = visibility, .holder = holder}, .stop = {}}));
    }
    Result<void> remove(QueueNo queue, std::string receipt) {
        auto removed = run(queues_->remove(queue, {std::move(receipt)}));
        if (!removed) return fail(std::move(removed).error());
        return removed->at(0);
    }
    Result<void> change_visibility(QueueNo queue, std::string receipt, std::chrono::seconds timeout) {
        auto changed = run(queues_->change_visibility(queue, {{std::move(receipt), timeout}}));
        if (!changed) return fail(std::move(changed).error());
        return changed->at(0);
    }
    QueueCounts counts(QueueNo queue) { return run(queues_->counts(queue)).value(); }
    // Bodies of everything visible, received and deleted.
    std::vector<std::string> drain(QueueNo queue) {
        std::vector<std::string> bodies;
        for (;;) {
            const auto received = receive(queue).value();
            if (received.empty()) return bodies;
            for (const auto& message : received) {
                bodies.push_back(message.message->body);
                EXPECT_TRUE(remove(queue, message.receipt));
            }
        }
    }

  private:
    TempDir dir_;
    SeededEntropy entropy_;
    FaultVfs vfs_;
    SimLoop loop_;
    DurableQueuesOptions options_;
    std::optional<Error> fatal_;
    std::unique_ptr<DurableQueues> queues_;
};

}  // namespace orderflow::queue
