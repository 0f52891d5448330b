// A message, its place and what is known of its delivery.
#pragma once

#include <array>
#include <compare>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"

namespace orderflow::queue {

// Never used again, also after the queue is deleted.
enum class QueueNo : std::uint32_t {};

// A place in a queue. Sequences start at 1 and only grow.
struct MessageKey {
    QueueNo queue{};
    std::uint64_t sequence = 0;

    friend auto operator<=>(const MessageKey&, const MessageKey&) = default;
};

// A UUID version 4 (RFC 9562): what clients see as MessageId. It stays when the message moves to a dead-letter queue.
struct MessageId {
    std::array<std::byte, 16> bytes{};

    static MessageId random(Entropy& entropy);
    // 36 characters, lower case.
    std::string text() const;

    friend bool operator==(const MessageId&, const MessageId&) = default;
};

// What a sender hands in. `attributes` is opaque to the engine (the wire protocol's encoding) and counts as size.
struct NewMessage {
    std::string body;
    std::string attributes{};
    std::optional<std::chrono::seconds> delay = std::nullopt;  // the queue's own when absent
};

// Immutable once it is sent; shared by the window in memory, the record for the journal and the answer to a receiver.
struct Message {
    MessageId id;
    std::string body;
    std::string attributes{};
    WallTime sent_at{};
    // Of a message that moved: where it failed, and how often it was received there.
    std::string dead_letter_source;
    std::uint32_t prior_receives = 0;

    std::size_t size() const noexcept { return body.size() + attributes.size(); }
};
using MessagePtr = std::shared_ptr<const Message>;

// Who holds a delivery. Leases of the consumer inside this process end with the process; leases of clients outside keep
// their deadline over a restart.
enum class Holder : std::uint8_t { outside = 0, embedded = 1 };

// Kept for every message that is not simply waiting: delayed, in flight, or back after a delivery.
struct DeliveryState {
    std::uint32_t receive_count = 0;  // in this queue; names the delivery in the receipt handle. 0: delayed
    Holder holder = Holder::outside;
    std::uint32_t size = 0;  // of the message, in bytes
    WallTime sent_at{};
    WallTime first_received_at{};
    Instant received_at{};           // of the latest delivery, or of the send
    Instant visible_at{};            // when the delay or the lease ends, or ended
    std::chrono::seconds timeout{};  // that led to visible_at; bounds what is left of it after a restart

    friend bool operator==(const DeliveryState&, const DeliveryState&) = default;
};

}  // namespace orderflow::queue
