#include "libs/aws/sqs_fault.hpp"

#include <algorithm>
#include <optional>

#include "libs/aws/ascii_names.hpp"
#include "libs/json/parse.hpp"

namespace orderflow::aws {
namespace {

constexpr std::size_t error_bytes_max = 64 * 1024;

SqsFault own_fault(ErrorKind kind, const char* code, std::string detail) {
    return {Error(kind, code, std::move(detail)), SqsRetry::never};
}

// Of a bare code; nothing when it is unknown.
std::optional<SqsFault> known_fault(std::string_view code, std::string detail) {
    if (has_word("QueueDoesNotExist NonExistentQueue", code)) return unknown_fault(sqs_errors, std::move(detail));
    if (has_word("ReceiptHandleIsInvalid InvalidIdFormat", code)) {
        return own_fault(ErrorKind::invalid_input, "queue.receipt_handle_invalid", std::move(detail));
    }
    if (code == "MessageNotInflight") {
        return own_fault(ErrorKind::conflict, "queue.message_not_inflight", std::move(detail));
    }
    if (code == "InvalidMessageContents") {
        return own_fault(ErrorKind::invalid_input, "queue.message_contents_invalid", std::move(detail));
    }
    if (code == "OverLimit") return own_fault(ErrorKind::throttled, "queue.over_limit", std::move(detail));
    if (says_throttled(code)) return throttled_fault(sqs_errors, std::move(detail));
    if (says_unauthorized(code)) return unauthorized_fault(sqs_errors, std::move(detail));
    if (has_word("KmsDisabled KmsInvalidKeyUsage KmsInvalidState KmsNotFound", code)) {
        return down_fault(sqs_errors, std::move(detail));
    }
    return std::nullopt;
}

std::string text_of(const json::Value& answer, std::string_view name) {
    const auto* member = answer.find(name);
    const auto* text = member == nullptr ? nullptr : member->string();
    return text == nullptr ? std::string() : std::string(*text);
}

}  // namespace

SqsFault sqs_fault_of(std::string_view code, std::string_view message, bool fault_of_sender) {
    auto detail = fault_detail(code, message);
    // Amazon SQS says InvalidParameterValue, with this sentence, where its model has MessageNotInflight.
    const bool not_in_flight = message.contains("not available for visibility timeout change");
    if (auto known = known_fault(not_in_flight ? "MessageNotInflight" : bare_code(code), detail)) return *known;
    if (!fault_of_sender) return open_fault(sqs_errors, std::move(detail));
    return refused_fault(sqs_errors, std::move(detail));
}

SqsFault read_sqs_fault(int status, const HttpHeaders& headers, std::string_view body) {
    std::string code;
    std::string message;
    if (const auto answer = json::parse(body, {.bytes = error_bytes_max})) {
        code = text_of(*answer, "__type");
        message = text_of(*answer, "message");
        if (message.empty()) message = text_of(*answer, "Message");
    }
    const auto header = std::ranges::find_if(
        headers, [](const HttpHeader& one) { return equal_names(one.name, "x-amzn-query-error"); });
    if (header != headers.end() && (code.empty() || !known_fault(bare_code(code), {}))) code = header->value;
    if (code.empty()) return fault_of_status(sqs_errors, status);
    auto fault = sqs_fault_of(code, message, status >= 400 && status < 500);
    fault.may_be_clock = may_be_clock(bare_code(code));
    return fault;
}

}  // namespace orderflow::aws
