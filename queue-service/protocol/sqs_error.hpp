// SqsError: what Amazon SQS answers instead of a result, independent of the protocol that carries it.
//
// Sources: the "Errors" section of each action in the Amazon SQS API Reference; "Common Errors" there; the developer
// guide's page on the AWS JSON protocol (types, the x-amzn-query-error header with the code of the query protocol).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "libs/base/error.hpp"

namespace orderflow::sqs {

enum class Fault : std::uint8_t {
    batch_entry_ids_not_distinct,
    batch_request_too_long,
    empty_batch_request,
    invalid_address,
    invalid_attribute_name,
    invalid_attribute_value,
    invalid_batch_entry_id,
    invalid_message_contents,
    message_not_inflight,
    over_limit,
    purge_queue_in_progress,
    queue_deleted_recently,
    queue_does_not_exist,
    queue_name_exists,
    receipt_handle_is_invalid,
    request_throttled,
    resource_not_found,
    too_many_entries_in_batch_request,
    unsupported_operation,
    // Of the common ones, which the model of the service does not name.
    invalid_parameter_value,
    missing_parameter,
    invalid_action,
    missing_action,
    malformed_input,
    missing_authentication_token,
    incomplete_signature,
    invalid_client_token_id,
    signature_does_not_match,
    request_expired,
    access_denied,
    service_unavailable,
    internal_failure,
};

// How a fault looks from outside.
struct FaultForm {
    std::string_view type;  // __type of the JSON protocol: "com.amazonaws.sqs#QueueDoesNotExist"
    std::string_view code;  // of the query protocol, also in x-amzn-query-error and for an entry of a batch
    unsigned query_status;
    unsigned json_status;
    bool sender;  // whose fault it is: the sender's, or the receiver's
};
const FaultForm& form_of(Fault fault) noexcept;

struct [[nodiscard]] SqsError {
    SqsError(Fault which, std::string what) : fault(which), message(std::move(what)) {}

    Fault fault;
    std::string message;

    friend bool operator==(const SqsError&, const SqsError&) = default;
};

template <class T>
using Outcome = std::expected<T, SqsError>;

[[nodiscard]] inline std::unexpected<SqsError> refuse(Fault fault, std::string message) {
    return std::unexpected<SqsError>(SqsError(fault, std::move(message)));
}
[[nodiscard]] inline std::unexpected<SqsError> refuse(SqsError error) {
    return std::unexpected<SqsError>(std::move(error));
}

// "Value V for parameter P is invalid. Reason: R."
SqsError invalid_value(std::string_view value, std::string_view parameter, std::string_view reason);
// The beginning of a client's text, as it may come back in a message: 128 bytes at most, no character cut in two.
std::string_view shown(std::string_view text) noexcept;
SqsError missing_parameter(std::string_view parameter);
SqsError no_such_queue();

// What the engine and the journal refuse (queue_engine.hpp, durable_queues.hpp).
SqsError to_sqs_error(const Error& error);

}  // namespace orderflow::sqs
