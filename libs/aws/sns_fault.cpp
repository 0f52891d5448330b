#include "libs/aws/sns_fault.hpp"

#include <string>
#include <utility>

#include "libs/aws/xml_document.hpp"

namespace orderflow::aws {

AwsFault sns_fault_of(std::string_view code, std::string_view message, bool fault_of_sender) {
    auto detail = fault_detail(code, message);
    const auto bare = bare_code(code);
    if (has_word("NotFound NotFoundException ResourceNotFoundException TopicNotFound", bare)) {
        return unknown_fault(sns_errors, std::move(detail));
    }
    if (says_throttled(bare)) return throttled_fault(sns_errors, std::move(detail));
    if (says_unauthorized(bare)) return unauthorized_fault(sns_errors, std::move(detail));
    if (has_word("KMSDisabled KMSDisabledException KMSInvalidState KMSInvalidStateException KMSNotFound "
                 "KMSNotFoundException",
                 bare)) {
        return down_fault(sns_errors, std::move(detail));
    }
    return fault_of_sender ? refused_fault(sns_errors, std::move(detail)) : open_fault(sns_errors, std::move(detail));
}

AwsFault read_sns_fault(int status, const HttpHeaders& /*headers*/, std::string_view body) {
    const auto answer = read_xml(body);
    const auto* error = answer && answer->name == "ErrorResponse" ? answer->find("Error") : nullptr;
    const auto code = error == nullptr ? std::string_view() : error->text_of("Code");
    if (code.empty()) return fault_of_status(sns_errors, status);
    auto fault = sns_fault_of(code, error->text_of("Message"), status >= 400 && status < 500);
    fault.may_be_clock = may_be_clock(bare_code(code));
    return fault;
}

}  // namespace orderflow::aws
