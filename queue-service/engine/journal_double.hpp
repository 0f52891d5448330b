// For tests: a QueueEngine whose journal is a pair of maps. It plays the shell: after every operation it applies the
// changes, feeds the wanted pages and messages and checks invariant I7 (what was sent is visible, in flight, delayed or
// accounted for; the counters of the engine are those of the rows). restart() builds a new engine from the maps alone.
#pragma once

#include <gtest/gtest.h>

#include "libs/base/result.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "queue-service/engine/queue_engine.hpp"

namespace orderflow::queue {

struct ReceivedCopy {
    std::string id;
    std::string body;
    std::string receipt;
    std::uint32_t receive_count = 0;
    WallTime sent_at{};
    WallTime first_received_at{};
    std::uint32_t prior_receives = 0;
    std::string dead_letter_source;
};

class JournaledEngine {
  public:
    explicit JournaledEngine(EngineLimits limits = {}, std::uint64_t seed = 1) : limits_(limits), entropy_(seed) {
        entropy_.fill(key_);
        engine_.emplace(key_, entropy_, limits_);
    }

    QueueEngine& engine() { return *engine_; }
    Now now() const { return now_; }

    void pass(std::chrono::milliseconds by) {
        now_.instant += by;
        now_.wall += by;
        advance();
    }
    // As the shell does at the beginning of every step.
    void advance() {
        step([&](Changes& changes) { engine_->advance(now_, changes); });
        while (const auto wanted = engine_->wanted_message()) {
            const auto content = messages_.at(*wanted);
            step([&](Changes& changes) { engine_->redrive_wanted(*content, now_, changes); });
        }
    }
    void jump_wall(std::chrono::milliseconds by) { now_.wall += by; }

    Result<QueueNo> create(const QueueName& name, const QueueSettings& settings = {}, const Tags& tags = {}) {
        return step([&](Changes& changes) { return engine_->create_queue(name, settings, tags, now_, changes); });
    }
    Result<QueueNo> create(const std::string& name, const QueueSettings& settings = {}) {
        return create(QueueName{default_scope(), name}, settings);
    }
    Result<QueueNo> create(const char* name, const QueueSettings& settings = {}) {
        return create(std::string(name), settings);
    }
    Result<std::string> send(QueueNo queue, std::string body, std::optional<std::chrono::seconds> delay = {}) {
        auto id = step([&](Changes& changes) {
            return engine_->send(queue, {.body = std::move(body), .attributes = {}, .delay = delay}, now_, changes);
        });
        if (!id) return fail(std::move(id).error());
        return id->text();
    }
    Result<std::vector<ReceivedCopy>> receive(QueueNo queue, std::uint32_t max = 1,
                                              std::optional<std::chrono::seconds> visibility = {},
                                              Holder holder = Holder::outside) {
        ReceiveOptions options{.max_messages = max, .visibility_timeout = visibility, .holder = holder};
        std::vector<ReceivedCopy> out;
        for (;;) {
            auto some = step([&](Changes& changes) { return engine_->receive(queue, options, now_, changes); });
            if (!some && out.empty()) return fail(std::move(some).error());
            if (!some) return out;
            for (auto& delivery : *some) out.push_back(copy(delivery));
            options.max_messages = max - static_cast<std::uint32_t>(out.size());
            if (some->empty() || options.max_messages == 0) return out;
        }
    }
    Result<void> remove(QueueNo queue, std::string_view receipt) {
        return step([&](Changes& changes) { return engine_->remove(queue, receipt, changes); });
    }
    Result<void> change_visibility(QueueNo queue, std::string_view receipt, std::chrono::seconds timeout) {
        return step(
            [&](Changes& changes) { return engine_->change_visibility(queue, receipt, timeout, now_, changes); });
    }
    Result<void> change_settings(QueueNo queue, const QueueSettings& settings) {
        return step([&](Changes& changes) { return engine_->change_settings(queue, settings, now_, changes); });
    }
    Result<void> purge(QueueNo queue) {
        return step([&](Changes& changes) { return engine_->purge(queue, now_, changes); });
    }
    Result<void> remove_queue(QueueNo queue) {
        return step([&](Changes& changes) { return engine_->remove_queue(queue, now_, changes); });
    }
    Result<void> tag(QueueNo queue, const Tags& tags) {
        return step([&](Changes& changes) { return engine_->tag(queue, tags, changes); });
    }
    Result<void> untag(QueueNo queue, const std::vector<std::string>& keys) {
        return step([&](Changes& changes) { return engine_->untag(queue, keys, changes); });
    }
    Result<std::string> start_move(QueueNo source, const MoveOrder& order = {}) {
        return step([&](Changes& changes) { return engine_->start_move_task(source, order, now_, changes); });
    }
    Result<std::uint64_t> cancel_move(std::string_view handle, const QueueScope& scope = default_scope()) {
        return step([&](Changes& changes) { return engine_->cancel_move_task(scope, handle, now_, changes); });
    }
    MoveTask latest_move(QueueNo source) { return engine_->move_tasks(source, 1).value().at(0).task; }
    QueueCounts counts(QueueNo queue) { return engine_->counts(queue, now_).value(); }

    // As after kill -9: only what the changes said is left.
    void restart() {
        engine_.emplace(key_, entropy_, limits_);
        for (const auto& [no, queue] : queues_) {
            std::vector<std::pair<std::uint64_t, DeliveryState>> deliveries;
            for (const auto& [at, state] : deliveries_) {
                if (at.queue == no) deliveries.emplace_back(at.sequence, state);
            }
            ASSERT_TRUE(engine_->restore(queue.record, queue.totals, deliveries, now_));
        }
        for (const auto& [name, at] : removed_names_) engine_->restore_removed(name, at);
        for (const auto& [no, task] : move_tasks_) ASSERT_TRUE(engine_->restore_move_task(task, now_));
        step([](Changes&) {});
    }

    std::size_t rows() const { return messages_.size(); }
    std::size_t pages_read() const { return pages_read_; }

  private:
    struct QueueRow {
        QueueRecord record;
        QueueTotals totals;
    };

    template <class Operation>
    std::invoke_result_t<Operation&, Changes&> step(Operation operation) {
        changes_.clear();
        if constexpr (std::is_void_v<std::invoke_result_t<Operation&, Changes&>>) {
            operation(changes_);
            settle();
        } else {
            auto result = operation(changes_);
            settle();
            return result;
        }
    }
    void settle() {
        for (const auto& change : changes_) std::visit([this](const auto& record) { apply(record); }, change);
        for (auto& [no, queue] : queues_) {
            queue.totals = engine_->totals(no).value();
            while (const auto wanted = engine_->wanted_page(no)) {
                ++pages_read_;
                ASSERT_TRUE(engine_->take_page(no, read(*wanted)));
            }
        }
        check();
    }

    void apply(const MessageAdded& added) { ASSERT_TRUE(messages_.emplace(added.key, added.message).second); }
    void apply(const DeliveryWritten& written) {
        ASSERT_TRUE(messages_.contains(written.key));
        deliveries_[written.key] = written.state;
    }
    void apply(const MessageRemoved& removed) {
        ASSERT_EQ(messages_.erase(removed.key), 1U);
        ASSERT_EQ(deliveries_.erase(removed.key), removed.has_delivery ? 1U : 0U);
    }
    void apply(const MessageMoved& moved) {
        auto copied = std::make_shared<Message>(*messages_.at(moved.from));
        copied->dead_letter_source = moved.source;
        copied->prior_receives += moved.receives_here;
        ASSERT_TRUE(messages_.emplace(moved.to, std::move(copied)).second);
        ASSERT_EQ(messages_.erase(moved.from), 1U);
        ASSERT_EQ(deliveries_.erase(moved.from), 1U);
    }
    void apply(const MessageRedriven& redriven) {
        auto copied = std::make_shared<Message>(*messages_.at(redriven.from));
        copied->dead_letter_source.clear();
        copied->prior_receives = 0;
        ASSERT_TRUE(messages_.emplace(redriven.to, std::move(copied)).second);
        apply(MessageRemoved{redriven.from, redriven.has_delivery});
    }
    void apply(const QueueWritten& written) { queues_[written.record.no].record = written.record; }
    void apply(const QueuePurged& purged) {
        const auto gone = [&](const auto& entry) {
            return entry.first.queue == purged.queue && entry.first.sequence <= purged.through;
        };
        std::erase_if(messages_, gone);
        std::erase_if(deliveries_, gone);
    }
    void apply(const QueueRemoved& removed) {
        ASSERT_EQ(queues_.erase(removed.queue), 1U);
        forget(removed.name);
        removed_names_.emplace_back(removed.name, removed.at);
    }
    void apply(const NameReleased& released) { forget(released.name); }
    void apply(const MoveTaskWritten& written) { move_tasks_[written.task.no] = written.task; }
    void apply(const MoveTaskForgotten& forgotten) { ASSERT_EQ(move_tasks_.erase(forgotten.no), 1U); }
    void forget(const QueueName& name) {
        std::erase_if(removed_names_, [&name](const auto& removed) { return removed.first == name; });
    }

    Page read(const PageRequest& request) const {
        Page page{.rows = {}, .end = true};
        std::size_t bytes = 0;
        for (auto it = messages_.lower_bound({request.queue, request.first});
             it != messages_.end() && it->first.queue == request.queue && it->first.sequence <= request.last; ++it) {
            if (page.rows.size() == request.max_messages || bytes >= request.max_bytes) {
                page.end = false;
                break;
            }
            page.rows.push_back({it->first.sequence, it->second});
            bytes += it->second->size();
        }
        return page;
    }

    ReceivedCopy copy(const Delivery& delivery) const {
        const auto& message = delivery.message ? *delivery.message : *messages_.at(delivery.key);
        return {.id = message.id.text(),
                .body = message.body,
                .receipt = delivery.receipt,
                .receive_count = delivery.receive_count,
                .sent_at = delivery.sent_at,
                .first_received_at = delivery.first_received_at,
                .prior_receives = message.prior_receives,
                .dead_letter_source = message.dead_letter_source};
    }

    void check() {
        for (const auto& [no, queue] : queues_) {
            std::uint64_t rows = 0;
            std::uint64_t bytes = 0;
            for (const auto& [at, message] : messages_) {
                if (at.queue != no) continue;
                ++rows;
                bytes += message->size();
            }
            const auto counts = engine_->counts(no, now_).value();
            ASSERT_EQ(counts.visible + counts.in_flight + counts.delayed, rows);
            ASSERT_EQ(counts.bytes, bytes);
            ASSERT_EQ(queue.totals.messages, rows);
        }
        ASSERT_LE(engine_->window_size(), limits_.window.messages * queues_.size());
    }

    EngineLimits limits_;
    SeededEntropy entropy_;
    SipKey key_{};
    Now now_{.instant = Instant(1h), .wall = from_unix_ms(1'767'225'600'000)};
    std::optional<QueueEngine> engine_;
    Changes changes_;
    std::map<MessageKey, MessagePtr> messages_;
    std::map<MessageKey, DeliveryState> deliveries_;
    std::map<QueueNo, QueueRow> queues_;
    std::vector<std::pair<QueueName, WallTime>> removed_names_;  // in the order of removal
    std::map<MoveTaskNo, MoveTask> move_tasks_;
    std::size_t pages_read_ = 0;
};

}  // namespace orderflow::queue
