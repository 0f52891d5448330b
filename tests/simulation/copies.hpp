// Copies: what a queue delivers once more although it has delivered it, as one of many machines does that was away when
// a message was deleted. A copy is like a message of its own: it comes again until it is removed, and outlives the
// program that received it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "libs/base/clock.hpp"
#include "libs/orders/ports/message_queue.hpp"

namespace orderflow::simulation {

class Copies {
  public:
    explicit Copies(const Clock& clock) : clock_(clock) {}

    static bool is_copy(const orders::ReceiptHandle& receipt) { return receipt.value.starts_with(prefix); }

    // A first delivery of a new copy.
    orders::ReceivedMessage copy(orders::ReceivedMessage message) {
        message.receipt.value = std::string(prefix) + std::to_string(++made_);
        const auto receipt = message.receipt.value;
        return copies_.emplace(receipt, Copy{std::move(message), clock_.now() + lease}).first->second.message;
    }
    // One whose lease has ended, delivered again.
    std::optional<orders::ReceivedMessage> due() {
        for (auto& [receipt, copy] : copies_) {
            if (copy.visible_at > clock_.now()) continue;
            copy.visible_at = clock_.now() + lease;
            ++copy.message.receive_count;
            return copy.message;
        }
        return std::nullopt;
    }
    void remove(const orders::ReceiptHandle& receipt) { copies_.erase(receipt.value); }
    void change_visibility(const orders::VisibilityChange& change) {
        const auto copy = copies_.find(change.receipt.value);
        if (copy != copies_.end()) copy->second.visible_at = clock_.now() + change.timeout;
    }
    bool empty() const { return copies_.empty(); }

  private:
    static constexpr std::string_view prefix = "copy-";
    static constexpr auto lease = std::chrono::seconds(60);

    struct Copy {
        orders::ReceivedMessage message;
        Instant visible_at;
    };

    const Clock& clock_;
    std::uint64_t made_ = 0;
    std::map<std::string, Copy> copies_;
};

// Of the three queues.
struct AllCopies {
    explicit AllCopies(const Clock& clock) : orders(clock), commands(clock), letters(clock) {}
    bool empty() const { return orders.empty() && commands.empty() && letters.empty(); }

    Copies orders;
    Copies commands;
    Copies letters;
};

}  // namespace orderflow::simulation
