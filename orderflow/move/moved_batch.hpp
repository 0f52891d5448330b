// Messages of a journal as the entries of SendMessageBatch, with all that their senders said beside the body. Pure.
// Source: Amazon SQS API Reference, SendMessageBatch; developer guide, "Message timers".
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "queue-service/journal/journal_reader.hpp"

namespace orderflow {

// What is left of a delay, or of a delivery that was under way: nobody should see it earlier at its new place. At most
// the 15 minutes that Amazon SQS keeps a message back.
std::chrono::seconds delay_left(const queue::WaitingMessage& waiting, WallTime now);

// In order, each within the limits of one call: 10 entries and 1 MiB.
std::vector<std::vector<queue::WaitingMessage>> batches_of(std::vector<queue::WaitingMessage> page);

// The body of the call; entries are named by their place. internal "sqs.attributes_damaged".
Result<std::string> write_moved_batch(std::string_view queue_url, std::span<const queue::WaitingMessage> batch,
                                      WallTime now);

}  // namespace orderflow
