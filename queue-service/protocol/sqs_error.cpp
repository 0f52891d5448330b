#include "queue-service/protocol/sqs_error.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "queue-service/engine/limits.hpp"

namespace orderflow::sqs {

namespace {

// In the order of Fault.
constexpr auto forms = std::to_array<FaultForm>({
    {"com.amazonaws.sqs#BatchEntryIdsNotDistinct", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", 400, 400, true},
    {"com.amazonaws.sqs#BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong", 400, 400, true},
    {"com.amazonaws.sqs#EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest", 400, 400, true},
    {"com.amazonaws.sqs#InvalidAddress", "InvalidAddress", 404, 400, true},
    {"com.amazonaws.sqs#InvalidAttributeName", "InvalidAttributeName", 400, 400, true},
    {"com.amazonaws.sqs#InvalidAttributeValue", "InvalidAttributeValue", 400, 400, true},
    {"com.amazonaws.sqs#InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId", 400, 400, true},
    {"com.amazonaws.sqs#InvalidMessageContents", "InvalidMessageContents", 400, 400, true},
    {"com.amazonaws.sqs#MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight", 400, 400, true},
    {"com.amazonaws.sqs#OverLimit", "OverLimit", 403, 400, true},
    {"com.amazonaws.sqs#PurgeQueueInProgress", "AWS.SimpleQueueService.PurgeQueueInProgress", 403, 400, true},
    {"com.amazonaws.sqs#QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently", 400, 400, true},
    {"com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", 400, 400, true},
    {"com.amazonaws.sqs#QueueNameExists", "QueueAlreadyExists", 400, 400, true},
    {"com.amazonaws.sqs#ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", 404, 400, true},
    {"com.amazonaws.sqs#RequestThrottled", "RequestThrottled", 403, 400, true},
    {"com.amazonaws.sqs#ResourceNotFoundException", "ResourceNotFoundException", 404, 400, true},
    {"com.amazonaws.sqs#TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", 400, 400,
     true},
    {"com.amazonaws.sqs#UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", 400, 400, true},
    {"com.amazon.coral.service#InvalidParameterValueException", "InvalidParameterValue", 400, 400, true},
    {"com.amazon.coral.service#MissingRequiredParameterException", "MissingParameter", 400, 400, true},
    {"com.amazon.coral.service#UnknownOperationException", "InvalidAction", 400, 400, true},
    {"com.amazon.coral.service#UnknownOperationException", "MissingAction", 400, 400, true},
    {"com.amazon.coral.service#SerializationException", "MalformedInput", 400, 400, true},
    {"com.amazon.coral.service#MissingAuthenticationTokenException", "MissingAuthenticationToken", 403, 403, true},
    {"com.amazon.coral.service#IncompleteSignatureException", "IncompleteSignature", 403, 403, true},
    {"com.amazon.coral.service#UnrecognizedClientException", "InvalidClientTokenId", 403, 403, true},
    {"com.amazon.coral.service#InvalidSignatureException", "SignatureDoesNotMatch", 403, 403, true},
    {"com.amazon.coral.service#RequestExpiredException", "RequestExpired", 400, 400, true},
    {"com.amazon.coral.service#AccessDeniedException", "AccessDenied", 403, 403, true},
    {"com.amazon.coral.service#ServiceUnavailableException", "ServiceUnavailable", 503, 503, false},
    {"com.amazon.coral.service#InternalFailure", "InternalFailure", 500, 500, false},
});
static_assert(forms.size() == static_cast<std::size_t>(Fault::internal_failure) + 1);

struct KnownError {
    std::string_view code;
    Fault fault;
    std::string_view message;
};

// Errors whose meaning is more than their kind.
constexpr auto known_errors = std::to_array<KnownError>({
    {"queue.exists", Fault::queue_name_exists,
     "A queue already exists with the same name and a different value for an attribute."},
    {"queue.name_invalid", Fault::invalid_parameter_value,
     "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"},
    {"queue.message_empty", Fault::missing_parameter, "The request must contain the parameter MessageBody."},
    {"queue.delay_invalid", Fault::invalid_parameter_value,
     "Value for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900."},
    {"queue.visibility_timeout_invalid", Fault::invalid_parameter_value,
     "Value for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and "
     "43200, and the message may stay in flight for 43200 seconds at most since it was received."},
    {"queue.receipt_handle_invalid", Fault::receipt_handle_is_invalid, "The input receipt handle is invalid."},
    {"queue.message_not_inflight", Fault::message_not_inflight,
     "The message referred to does not exist or is not in flight."},
    {"queue.over_limit", Fault::over_limit, "Too many messages in flight."},
    {"queue.dead_letter_queue_unknown", Fault::invalid_parameter_value,
     "Value for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist."},
    {"queue.redrive_not_allowed", Fault::invalid_parameter_value,
     "Value for parameter RedrivePolicy is invalid. Reason: The redrive allow policy of the dead letter target denies "
     "this source queue."},
    {"queue.deleted_recently", Fault::queue_deleted_recently,
     "You must wait 60 seconds after deleting a queue before you can create another with the same name."},
    {"queue.purge_in_progress", Fault::purge_queue_in_progress,
     "Only one PurgeQueue operation on a queue is allowed every 60 seconds."},
    {"queue.tag_invalid", Fault::invalid_parameter_value,
     "Value for parameter Tags is invalid. Reason: Keys have 1 to 128 characters, values up to 256."},
    {"queue.too_many_tags", Fault::invalid_parameter_value, "Too many tags added for queue: 50 are allowed."},
    {"queue.not_dead_letter_queue", Fault::invalid_parameter_value,
     "Source queue must be configured as a Dead Letter Queue."},
    {"queue.move_destination_invalid", Fault::invalid_parameter_value,
     "The destination of a message move task must be another queue of the same account and region."},
    {"queue.move_task_active", Fault::invalid_parameter_value,
     "There is already a task running. Only one active task is allowed for a source queue arn at a given time."},
    {"queue.task_handle_invalid", Fault::invalid_parameter_value, "Value for parameter TaskHandle is invalid."},
    {"queue.move_task_unknown", Fault::resource_not_found, "Task does not exist."},
    {"queue.move_task_not_running", Fault::unsupported_operation, "Only a task that is running can be cancelled."},
    {"sqs.policy_changed", Fault::request_throttled,
     "Another request changed the policy at the same moment; try again."},
    {"queue.inbox_full", Fault::request_throttled, "The service has more work than it takes; try again later."},
});

SqsError by_kind(const Error& error) {
    switch (error.kind()) {
        case ErrorKind::invalid_input:
            return {Fault::invalid_parameter_value, "The request is invalid: " + error.code()};
        case ErrorKind::not_found: return no_such_queue();
        case ErrorKind::conflict:
            return {Fault::invalid_parameter_value, "The request is in conflict: " + error.code()};
        case ErrorKind::unauthorized: return {Fault::access_denied, "Access to the resource is denied."};
        case ErrorKind::throttled: return {Fault::request_throttled, "The request was throttled."};
        case ErrorKind::unavailable: return {Fault::service_unavailable, "The service is unavailable: " + error.code()};
        case ErrorKind::internal: return {Fault::internal_failure, "The request failed for an internal reason."};
    }
    std::unreachable();
}

}  // namespace

const FaultForm& form_of(Fault fault) noexcept { return forms.at(static_cast<std::size_t>(fault)); }

SqsError invalid_value(std::string_view value, std::string_view parameter, std::string_view reason) {
    return {Fault::invalid_parameter_value,
            fmt::format("Value {} for parameter {} is invalid. Reason: {}", shown(value), parameter, reason)};
}

std::string_view shown(std::string_view text) noexcept {
    constexpr std::size_t most = 128;
    if (text.size() <= most) return text;
    auto end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end);
}

SqsError missing_parameter(std::string_view parameter) {
    return {Fault::missing_parameter, fmt::format("The request must contain the parameter {}.", parameter)};
}

SqsError no_such_queue() { return {Fault::queue_does_not_exist, "The specified queue does not exist."}; }

SqsError to_sqs_error(const Error& error) {
    if (error.code() == "queue.attribute_invalid") {
        return {Fault::invalid_attribute_value, fmt::format("Invalid value for the parameter {}.", error.detail())};
    }
    for (const auto& known : known_errors) {
        if (known.code == error.code()) return {known.fault, std::string(known.message)};
    }
    return by_kind(error);
}

}  // namespace orderflow::sqs
