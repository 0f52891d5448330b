#include "libs/aws/aws_fault.hpp"

#include <algorithm>

namespace orderflow::aws {
namespace {

constexpr std::size_t detail_bytes_max = 300;

constexpr std::string_view throttled_codes =
    "RequestThrottled Throttling Throttled ThrottlingException ThrottledException RequestThrottledException "
    "TooManyRequestsException RequestLimitExceeded BandwidthLimitExceeded LimitExceededException "
    "PriorRequestNotComplete SlowDown KmsThrottled KMSThrottling KMSThrottlingException";

constexpr std::string_view unauthorized_codes =
    "AccessDenied AccessDeniedException AuthorizationError AuthorizationErrorException ExpiredToken "
    "ExpiredTokenException InvalidClientTokenId UnrecognizedClientException UnrecognizedClient SignatureDoesNotMatch "
    "InvalidSignatureException MissingAuthenticationToken MissingAuthenticationTokenException IncompleteSignature "
    "IncompleteSignatureException RequestExpired RequestTimeTooSkewed RequestInTheFuture InvalidSecurity "
    "InvalidSecurityException InvalidAccessKeyId OptInRequired NotAuthorized KmsAccessDenied KmsOptInRequired "
    "KMSAccessDenied KMSAccessDeniedException KMSOptInRequired";

// As the AWS SDKs take them.
constexpr std::string_view clock_codes =
    "RequestExpired RequestTimeTooSkewed RequestInTheFuture InvalidSignatureException SignatureDoesNotMatch";

AwsFault fault(ErrorKind kind, std::string_view service, std::string_view what, std::string detail, AwsRetry retry) {
    return {Error(kind, std::string(service).append(what), std::move(detail)), retry};
}

}  // namespace

std::string_view bare_code(std::string_view code) {
    code = code.substr(0, code.find(';'));
    if (const auto at = code.find_last_of("#."); at != std::string_view::npos) code.remove_prefix(at + 1);
    return code;
}

bool has_word(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        if (words.substr(0, end) == word) return true;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

bool says_throttled(std::string_view code) { return has_word(throttled_codes, code); }
bool says_unauthorized(std::string_view code) { return has_word(unauthorized_codes, code); }
bool may_be_clock(std::string_view code) { return has_word(clock_codes, code); }

std::string fault_detail(std::string_view code, std::string_view message) {
    auto detail = std::string(bare_code(code));
    if (!message.empty()) detail.append(": ").append(message);
    if (detail.size() > detail_bytes_max) detail.resize(detail_bytes_max);
    return detail;
}

AwsFault throttled_fault(std::string_view service, std::string detail) {
    return fault(ErrorKind::throttled, service, ".throttled", std::move(detail), AwsRetry::throttled);
}
AwsFault unauthorized_fault(std::string_view service, std::string detail) {
    return fault(ErrorKind::unauthorized, service, ".unauthorized", std::move(detail), AwsRetry::never);
}
AwsFault unknown_fault(std::string_view service, std::string detail) {
    return fault(ErrorKind::not_found, service, ".unknown", std::move(detail), AwsRetry::never);
}
AwsFault refused_fault(std::string_view service, std::string detail) {
    return fault(ErrorKind::invalid_input, service, ".refused", std::move(detail), AwsRetry::never);
}
AwsFault down_fault(std::string_view service, std::string detail) {
    return fault(ErrorKind::unavailable, service, ".down", std::move(detail), AwsRetry::never);
}
AwsFault open_fault(std::string_view service, std::string detail) {
    return fault(ErrorKind::unavailable, service, ".outcome_unknown", std::move(detail), AwsRetry::transient);
}

AwsFault fault_of_status(std::string_view service, int status) {
    auto detail = "HTTP status " + std::to_string(status);
    if (status == 429) return throttled_fault(service, std::move(detail));
    if (status == 401 || status == 403 || status == 407) return unauthorized_fault(service, std::move(detail));
    if (status == 404) return unknown_fault(service, std::move(detail));
    if (status >= 400 && status < 500 && status != 408) return refused_fault(service, std::move(detail));
    return open_fault(service, std::move(detail));
}

}  // namespace orderflow::aws
