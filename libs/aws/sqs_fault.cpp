#include "libs/aws/sqs_fault.hpp"

#include <algorithm>
#include <array>

#include "libs/json/parse.hpp"

namespace orderflow::aws {
namespace {

constexpr std::size_t error_bytes_max = 64 * 1024;
constexpr std::size_t detail_bytes_max = 300;

struct Meaning {
    std::string_view names;  // separated by blanks
    ErrorKind kind;
    std::string_view code;
    SqsRetry retry;
};

constexpr std::array<Meaning, 8> meanings = {{
    {"QueueDoesNotExist NonExistentQueue", ErrorKind::not_found, "queue.unknown", SqsRetry::never},
    {"ReceiptHandleIsInvalid InvalidIdFormat", ErrorKind::invalid_input, "queue.receipt_handle_invalid",
     SqsRetry::never},
    {"MessageNotInflight", ErrorKind::conflict, "queue.message_not_inflight", SqsRetry::never},
    {"InvalidMessageContents", ErrorKind::invalid_input, "queue.message_contents_invalid", SqsRetry::never},
    {"OverLimit", ErrorKind::throttled, "queue.over_limit", SqsRetry::never},
    {"RequestThrottled Throttling ThrottlingException ThrottledException RequestThrottledException "
     "TooManyRequestsException RequestLimitExceeded BandwidthLimitExceeded LimitExceededException "
     "PriorRequestNotComplete SlowDown KmsThrottled",
     ErrorKind::throttled, "queue.throttled", SqsRetry::throttled},
    {"AccessDenied AccessDeniedException ExpiredToken ExpiredTokenException InvalidClientTokenId "
     "UnrecognizedClientException UnrecognizedClient SignatureDoesNotMatch InvalidSignatureException "
     "MissingAuthenticationToken MissingAuthenticationTokenException IncompleteSignature "
     "IncompleteSignatureException RequestExpired RequestTimeTooSkewed RequestInTheFuture InvalidSecurity "
     "InvalidAccessKeyId OptInRequired NotAuthorized KmsAccessDenied KmsOptInRequired",
     ErrorKind::unauthorized, "queue.unauthorized", SqsRetry::never},
    {"KmsDisabled KmsInvalidKeyUsage KmsInvalidState KmsNotFound", ErrorKind::unavailable, "queue.down",
     SqsRetry::never},
}};

bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        if (words.substr(0, end) == word) return true;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

// "com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue;Sender" -> the last word.
std::string_view bare(std::string_view code) {
    code = code.substr(0, code.find(';'));
    if (const auto at = code.find_last_of("#."); at != std::string_view::npos) code.remove_prefix(at + 1);
    return code;
}

SqsFault fault(const Meaning& meaning, std::string detail) {
    return {.error = Error(meaning.kind, std::string(meaning.code), std::move(detail)), .retry = meaning.retry};
}

SqsFault stumbled(std::string detail) {
    return {Error(ErrorKind::unavailable, "queue.outcome_unknown", std::move(detail)), SqsRetry::transient};
}

const Meaning* meaning_of(std::string_view code) {
    const auto* found =
        std::ranges::find_if(meanings, [&](const auto& one) { return has_word(one.names, bare(code)); });
    return found == meanings.end() ? nullptr : found;
}

std::string detail_of(std::string_view code, std::string_view message) {
    auto detail = std::string(bare(code));
    if (!message.empty()) detail.append(": ").append(message);
    if (detail.size() > detail_bytes_max) detail.resize(detail_bytes_max);
    return detail;
}

// What a status says when the body is not of SQS: proxies and load balancers answer, too.
SqsFault fault_of_status(int status) {
    auto detail = "HTTP status " + std::to_string(status);
    if (status == 429) return {Error(ErrorKind::throttled, "queue.throttled", std::move(detail)), SqsRetry::throttled};
    if (status == 401 || status == 403 || status == 407) {
        return {Error(ErrorKind::unauthorized, "queue.unauthorized", std::move(detail)), SqsRetry::never};
    }
    if (status == 404) return {Error(ErrorKind::not_found, "queue.unknown", std::move(detail)), SqsRetry::never};
    if (status >= 400 && status < 500 && status != 408) {
        return {Error(ErrorKind::invalid_input, "queue.refused", std::move(detail)), SqsRetry::never};
    }
    return stumbled(std::move(detail));
}

std::string text_of(const json::Value& answer, std::string_view name) {
    const auto* member = answer.find(name);
    const auto* text = member == nullptr ? nullptr : member->string();
    return text == nullptr ? std::string() : std::string(*text);
}

bool is_query_error(std::string_view name) {
    constexpr std::string_view wanted = "x-amzn-query-error";
    return std::ranges::equal(name, wanted, [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

}  // namespace

SqsFault sqs_fault_of(std::string_view code, std::string_view message, bool fault_of_sender) {
    auto detail = detail_of(code, message);
    // Amazon SQS says InvalidParameterValue, with this sentence, where its model has MessageNotInflight.
    if (message.contains("not available for visibility timeout change")) {
        return fault(*meaning_of("MessageNotInflight"), std::move(detail));
    }
    if (const auto* known = meaning_of(code)) return fault(*known, std::move(detail));
    if (!fault_of_sender) return stumbled(std::move(detail));
    return {Error(ErrorKind::invalid_input, "queue.refused", std::move(detail)), SqsRetry::never};
}

SqsFault read_sqs_fault(int status, const HttpHeaders& headers, std::string_view body) {
    std::string code;
    std::string message;
    if (const auto answer = json::parse(body, {.bytes = error_bytes_max})) {
        code = text_of(*answer, "__type");
        message = text_of(*answer, "message");
        if (message.empty()) message = text_of(*answer, "Message");
    }
    const auto header = std::ranges::find_if(headers, [](const HttpHeader& one) { return is_query_error(one.name); });
    if (header != headers.end() && (code.empty() || meaning_of(code) == nullptr)) code = header->value;
    if (code.empty()) return fault_of_status(status);
    auto fault = sqs_fault_of(code, message, status >= 400 && status < 500);
    // As the AWS SDKs take them.
    fault.may_be_clock = has_word(
        "RequestExpired RequestTimeTooSkewed RequestInTheFuture InvalidSignatureException SignatureDoesNotMatch",
        bare(code));
    return fault;
}

}  // namespace orderflow::aws
