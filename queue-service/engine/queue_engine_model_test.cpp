// The engine against a naive model, over random schedules from one seed: sends, receives, deletes with fresh and old
// receipts, visibility changes, purges, message move tasks, tags, time, jumps of the wall clock and restarts. The model
// is a list and linear scans; it predicts every answer exactly, also the order. ORDERFLOW_SEED replays a run.
#include <gtest/gtest.h>

#include <algorithm>

#include "libs/testing/run_seed.hpp"
#include "queue-service/engine/journal_double.hpp"

namespace orderflow::queue {
namespace {

struct ModelMessage {
    std::uint64_t order = 0;  // of arrival in its queue
    std::string id;
    std::string body;
    WallTime sent_at;
    Instant visible_at;
    std::uint32_t receives = 0;
    std::uint32_t prior = 0;
    bool touched = false;  // delayed or delivered: served before untouched ones
    bool in_flight = false;
    std::string receipt;
    bool has_source = false;  // it failed in the other queue
};

struct ModelMove {
    bool to_main = false;  // named as the destination
    std::uint32_t rate = 0;
    std::uint64_t through = 0;
    Instant next_at;
    std::uint64_t moved = 0;
    MoveStatus status = MoveStatus::running;
};

class Model {
  public:
    Model(std::chrono::seconds retention, std::uint32_t max_receives)
        : retention_(retention), max_receives_(max_receives) {}

    std::vector<ModelMessage> main;
    std::vector<ModelMessage> dead;
    std::optional<ModelMove> move;
    std::optional<WallTime> purged_at;  // the main queue

    bool moves() const {
        return move && (move->status == MoveStatus::running || move->status == MoveStatus::cancelling);
    }
    void start_move(bool to_main, std::uint32_t rate, Now now) {
        move = ModelMove{.to_main = to_main, .rate = rate, .through = next_ - 1, .next_at = now.instant};
    }
    // One message with a rate, all of them without.
    void run_move(Now now) {
        if (!moves() || now.instant < move->next_at) return;
        if (move->status == MoveStatus::cancelling) move->status = MoveStatus::cancelled;
        while (moves()) {
            const auto best = first_to_move(now);
            if (best == dead.end()) {
                move->status = MoveStatus::completed;
            } else if (now.wall - best->sent_at >= retention_) {
                dead.erase(best);
            } else if (!move->to_main && !best->has_source) {
                move->status = MoveStatus::failed;
            } else {
                main.push_back({.order = next_++,
                                .id = best->id,
                                .body = best->body,
                                .sent_at = best->sent_at,
                                .visible_at = {},
                                .receipt = {}});
                dead.erase(best);
                ++move->moved;
                if (move->rate == 0) continue;
                move->next_at = now.instant + std::chrono::milliseconds((1000 + move->rate - 1) / move->rate);
                return;
            }
        }
    }

    void add(std::vector<ModelMessage>& queue, std::string id, std::string body, std::chrono::seconds delay, Now now) {
        queue.push_back({.order = next_++,
                         .id = std::move(id),
                         .body = std::move(body),
                         .sent_at = now.wall,
                         .visible_at = now.instant + delay,
                         .touched = delay.count() > 0,
                         .receipt = {}});
    }

    // What a receive of one message must give, moving and expiring on the way.
    ModelMessage* next(std::vector<ModelMessage>& queue, Now now) {
        for (;;) {
            auto best = queue.end();
            for (auto it = queue.begin(); it != queue.end(); ++it) {
                if (it->visible_at > now.instant) continue;
                if (best == queue.end() ||
                    std::pair(!it->touched, it->order) < std::pair(!best->touched, best->order)) {
                    best = it;
                }
            }
            if (best == queue.end()) return nullptr;
            if (now.wall - best->sent_at >= retention_) {
                queue.erase(best);
            } else if (&queue == &main && best->receives >= max_receives_) {
                auto moved = *best;
                queue.erase(best);
                moved.order = next_++;
                moved.prior += moved.receives;
                moved.receives = 0;
                moved.has_source = true;
                moved.touched = false;
                moved.visible_at = {};
                dead.push_back(std::move(moved));
            } else {
                return &*best;
            }
        }
    }

  private:
    std::vector<ModelMessage>::iterator first_to_move(Now now) {
        auto best = dead.end();
        for (auto it = dead.begin(); it != dead.end(); ++it) {
            if (it->visible_at > now.instant || it->order > move->through) continue;
            if (best == dead.end() || std::pair(!it->touched, it->order) < std::pair(!best->touched, best->order)) {
                best = it;
            }
        }
        return best;
    }

    std::chrono::seconds retention_;
    std::uint32_t max_receives_;
    std::uint64_t next_ = 1;
};

class ModelRun {
  public:
    explicit ModelRun(std::uint64_t seed)
        : random_(seed),
          shell_(EngineLimits{.in_flight = 1000, .chore_chunk = 1000, .window = {.messages = 6, .bytes = 400}}, seed),
          model_(retention_, max_receives_) {
        dead_ = shell_.create("dead", {.retention = retention_}).value();
        main_ =
            shell_.create("main", {.retention = retention_, .redrive = RedrivePolicy{"dead", max_receives_}}).value();
    }

    void steps(int count) {
        for (int i = 0; i < count && !::testing::Test::HasFatalFailure(); ++i) {
            SCOPED_TRACE("step " + std::to_string(i));
            step();
        }
    }

  private:
    std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
    std::chrono::seconds seconds_below(std::uint64_t bound) { return std::chrono::seconds(below(bound)); }

    void step() {
        const auto dice = below(100);
        if (dice < 35) return send();
        if (dice < 65) return receive(below(4) == 0 ? dead_ : main_);
        if (dice < 78) return use_receipt();
        if (dice < 88) return pass();
        if (dice < 90) return shell_.jump_wall(std::chrono::milliseconds(below(4'000)) - 2s);
        if (dice < 94) return restart();
        if (dice < 97) return below(3) == 0 ? cancel_move() : start_move();
        if (dice < 98) return change_tags();
        if (below(3) == 0) purge();
    }

    void pass() {
        shell_.pass(std::chrono::milliseconds(below(15'000)));
        model_.run_move(shell_.now());
        // Without a rate it takes as many steps as the window makes.
        while (model_.move && model_.move->rate == 0 && shell_.latest_move(dead_).is_active()) shell_.pass(0ms);
        if (!model_.move) return;
        ASSERT_EQ(shell_.latest_move(dead_).moved, model_.move->moved);
        ASSERT_EQ(shell_.latest_move(dead_).status, model_.move->status);
    }

    void restart() {
        shell_.restart();
        if (model_.moves()) model_.move->next_at = shell_.now().instant;
        ASSERT_EQ(shell_.engine().record(main_)->tags, tags_);
    }

    void start_move() {
        const bool to_main = below(2) == 0;
        const auto rate = static_cast<std::uint32_t>(below(2) == 0 ? 0 : 1 + below(19));  // one message in a step
        const auto handle = shell_.start_move(dead_, {.destination = to_main ? std::optional(main_) : std::nullopt,
                                                      .rate = rate == 0 ? std::nullopt : std::optional(rate)});
        ASSERT_EQ(handle.has_value(), !model_.moves());
        if (!handle) return;
        handle_ = *handle;
        model_.start_move(to_main, rate, shell_.now());
    }

    void cancel_move() {
        const auto moved = shell_.cancel_move(handle_);
        ASSERT_EQ(moved.has_value(), model_.moves() && model_.move->status == MoveStatus::running);
        if (!moved) return;
        ASSERT_EQ(*moved, model_.move->moved);
        model_.move->status = MoveStatus::cancelling;
        model_.move->next_at = shell_.now().instant;
    }

    void change_tags() {
        const auto key = std::to_string(below(5));
        if (below(2) == 0) {
            ASSERT_TRUE(shell_.tag(main_, {{key, std::to_string(sent_)}}));
            tags_[key] = std::to_string(sent_);
        } else {
            ASSERT_TRUE(shell_.untag(main_, {key}));
            tags_.erase(key);
        }
    }

    void purge() {
        const auto now = shell_.now().wall;
        const bool too_early = model_.purged_at && now >= *model_.purged_at && now - *model_.purged_at < 60s;
        ASSERT_EQ(shell_.purge(main_).has_value(), !too_early);
        if (too_early) return;
        model_.main.clear();
        model_.purged_at = now;
    }

    void send() {
        const bool to_main = below(10) != 0;
        const auto delay = below(4) == 0 ? seconds_below(20) : 0s;
        const auto body = "body " + std::to_string(sent_++) + std::string(below(100), 'x');
        const auto id = shell_.send(to_main ? main_ : dead_, body, delay);
        ASSERT_TRUE(id);
        model_.add(to_main ? model_.main : model_.dead, *id, body, delay, shell_.now());
    }

    void receive(QueueNo queue) {
        const auto max = static_cast<std::uint32_t>(1 + below(10));
        const auto timeout = seconds_below(30) + 1s;
        const auto received = shell_.receive(queue, max, timeout);
        ASSERT_TRUE(received);
        auto& expected = queue == main_ ? model_.main : model_.dead;
        for (const auto& message : *received) {
            auto* const next = model_.next(expected, shell_.now());
            ASSERT_NE(next, nullptr) << "received " << message.body;
            ASSERT_EQ(message.id, next->id);
            ASSERT_EQ(message.body, next->body);
            ASSERT_EQ(message.receive_count, ++next->receives);
            ASSERT_EQ(message.prior_receives, next->prior);
            ASSERT_EQ(message.sent_at, next->sent_at);
            next->visible_at = shell_.now().instant + timeout;
            next->touched = true;
            next->in_flight = true;
            next->receipt = message.receipt;
            receipts_.emplace_back(queue, message.receipt);
        }
        if (received->size() < max) ASSERT_EQ(model_.next(expected, shell_.now()), nullptr);
    }

    // Any receipt ever given out: most are stale.
    void use_receipt() {
        if (receipts_.empty()) return;
        const auto recent = std::min<std::uint64_t>(receipts_.size(), 30);
        const auto& [queue, receipt] = receipts_[receipts_.size() - 1 - below(recent)];
        auto& expected = queue == main_ ? model_.main : model_.dead;
        const auto live = std::ranges::find(expected, receipt, &ModelMessage::receipt);
        if (below(2) == 0) {
            ASSERT_TRUE(shell_.remove(queue, receipt));
            if (live != expected.end()) expected.erase(live);
            return;
        }
        const auto timeout = seconds_below(3) == 0s ? 0s : seconds_below(60);
        const auto changed = shell_.change_visibility(queue, receipt, timeout);
        const bool in_flight = live != expected.end() && live->visible_at > shell_.now().instant;
        ASSERT_EQ(changed.has_value(), in_flight);
        if (in_flight) live->visible_at = shell_.now().instant + timeout;
    }

    static constexpr auto retention_ = std::chrono::seconds(600);
    static constexpr std::uint32_t max_receives_ = 3;

    SeededEntropy random_;
    JournaledEngine shell_;
    Model model_;
    QueueNo main_{};
    QueueNo dead_{};
    std::uint64_t sent_ = 0;
    Tags tags_;
    std::string handle_;
    std::vector<std::pair<QueueNo, std::string>> receipts_;
};

TEST(QueueEngineModel, GivenRandomSchedules_WhenRunBesideANaiveModel_ThenEveryAnswerIsTheSame) {
    const auto first = run_seed();
    for (auto seed = first; seed < first + 60 && !HasFatalFailure(); ++seed) {
        SCOPED_TRACE("ORDERFLOW_SEED=" + std::to_string(seed));
        ModelRun(seed).steps(400);
    }
}

}  // namespace
}  // namespace orderflow::queue
