// What an operation changed and the journal must hold before anybody is answered. Records are written in the order in
// which the engine returns them; a later one may touch the row of an earlier one.
#pragma once

#include <variant>
#include <vector>

#include "queue-service/engine/message.hpp"
#include "queue-service/engine/move_task.hpp"
#include "queue-service/engine/queue_settings.hpp"
#include "queue-service/engine/tags.hpp"

namespace orderflow::queue {

struct MessageAdded {
    MessageKey key;
    MessagePtr message;
};

// Delayed, delivered, or its visibility changed: the row of the key is replaced.
struct DeliveryWritten {
    MessageKey key;
    DeliveryState state;
};

struct MessageRemoved {
    MessageKey key;
    bool has_delivery = false;  // whether a delivery row stands beside the message
};

// To the dead-letter queue: id, body, attributes and sent time stay, the delivery row goes.
struct MessageMoved {
    MessageKey from;
    MessageKey to;
    std::string source;               // name of the queue it failed in
    std::uint32_t receives_here = 0;  // added to the message's prior_receives
};

// By a move task: as MessageMoved, but source and prior receives are cleared.
struct MessageRedriven {
    MessageKey from;
    MessageKey to;
    bool has_delivery = false;  // whether a delivery row stands beside the message
};

struct QueueRecord {
    QueueNo no{};
    QueueName name{};
    QueueSettings settings{};
    Tags tags{};
    WallTime created_at{};
    WallTime modified_at{};  // of the settings
    std::optional<WallTime> purged_at{};
};

// Created, or anything of its record changed.
struct QueueWritten {
    QueueRecord record;
};

// Everything with a sequence up to `through` is gone. The rows may be removed later and in chunks.
struct QueuePurged {
    QueueNo queue{};
    std::uint64_t through = 0;
};

struct QueueRemoved {
    QueueNo queue{};
    QueueName name;
    WallTime at{};
};

// A name that was removed long enough ago: nothing has to be known of it any more.
struct NameReleased {
    QueueName name;
};

// Started, went on or ended.
struct MoveTaskWritten {
    MoveTask task;
};

struct MoveTaskForgotten {
    MoveTaskNo no{};
};

using Change = std::variant<MessageAdded, DeliveryWritten, MessageRemoved, MessageMoved, MessageRedriven, QueueWritten,
                            QueuePurged, QueueRemoved, NameReleased, MoveTaskWritten, MoveTaskForgotten>;
using Changes = std::vector<Change>;

// The counters of a queue that are written with every group of changes that touches it, so that opening a journal needs
// no count over the backlog.
struct QueueTotals {
    std::uint64_t next_sequence = 1;
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::uint64_t purged_through = 0;

    friend bool operator==(const QueueTotals&, const QueueTotals&) = default;
};

}  // namespace orderflow::queue
