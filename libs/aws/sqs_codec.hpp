// The requests of Amazon SQS's JSON protocol that the queue port needs, and their answers. Pure.
// Source: Amazon SQS API Reference, request and response syntax of each action.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/orders/ports/message_queue.hpp"

namespace orderflow::aws {

enum class SqsAction : std::uint8_t {
    send_message_batch,
    receive_message,
    delete_message_batch,
    change_message_visibility_batch,
    get_queue_attributes,
};
// The value of X-Amz-Target: "AmazonSQS.SendMessageBatch".
std::string_view sqs_target_of(SqsAction action) noexcept;

// The API reference of the batch actions: 10 entries a call, 1 MiB of bodies a send; of ReceiveMessage: 10 messages.
inline constexpr std::size_t sqs_batch_entries = 10;
inline constexpr std::size_t sqs_batch_bytes = 1024 * 1024;
inline constexpr std::uint32_t sqs_receive_messages = 10;

// Entries are named by their place in the span.
std::string write_send_batch(std::string_view queue_url, std::span<const orders::OutgoingMessage> messages);
std::string write_receive(std::string_view queue_url, const orders::ReceiveRequest& request);
std::string write_remove_batch(std::string_view queue_url, std::span<const orders::ReceiptHandle> receipts);
std::string write_visibility_batch(std::string_view queue_url, std::span<const orders::VisibilityChange> changes);
std::string write_get_counts(std::string_view queue_url);

// What is wrong with a message before it is sent; nothing is sent for it. invalid_input "queue.message_empty",
// "queue.message_too_long", "queue.message_contents_invalid" (not UTF-8, or a character that SQS refuses),
// "queue.delay_invalid".
Result<void> check_outgoing(const orders::OutgoingMessage& message);

// One answer for each entry that was sent, in their order. unavailable "queue.answer_unreadable" for a text that is no
// such answer, and for an entry that is missing in it or whose MD5 is not that of the body: what became of it is open.
Result<std::vector<Result<orders::MessageId>>> read_send_batch(std::string_view answer,
                                                               std::span<const orders::OutgoingMessage> sent);
Result<std::vector<Result<void>>> read_entries(std::string_view answer, std::size_t entries);

// unavailable "queue.answer_unreadable" also when the MD5 of one body is not its own: nothing of it is handed out, and
// all come again when their visibility ends.
Result<std::vector<orders::ReceivedMessage>> read_received(std::string_view answer);
// Without the age of the oldest message, which SQS tells CloudWatch alone.
Result<orders::QueueCounts> read_counts(std::string_view answer);

}  // namespace orderflow::aws
