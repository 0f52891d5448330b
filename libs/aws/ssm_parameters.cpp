#include "libs/aws/ssm_parameters.hpp"

#include <stop_token>
#include <utility>

#include "libs/aws/aws_fault.hpp"
#include "libs/base/invariant.hpp"
#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::aws {
namespace {

constexpr std::string_view service = "ssm";           // of its errors
constexpr std::size_t answer_bytes_max = 256 * 1024;  // ten values of 8 KB, escaped
// A program that starts waits for it and has nothing else to do: as often as its deadline allows.
constexpr AwsRetryPolicy patient{.attempts = 50, .attempt_time = 2s, .pause_first = 100ms, .pause_max = 1s};

std::string text_of(const json::Value& object, std::string_view name) {
    const auto* member = object.find(name);
    const auto* text = member == nullptr ? nullptr : member->string();
    return text == nullptr ? std::string() : std::string(*text);
}

AwsFault read_ssm_fault(int status, const HttpHeaders& /*headers*/, std::string_view body) {
    const auto document = json::parse(body, {.bytes = answer_bytes_max});
    const auto type = document ? text_of(*document, "__type") : std::string();
    const auto code = bare_code(type);
    if (code.empty()) return fault_of_status(service, status);
    auto message = text_of(*document, "message");
    if (message.empty()) message = text_of(*document, "Message");
    auto detail = fault_detail(code, message);
    if (says_throttled(code)) return throttled_fault(service, std::move(detail));
    if (status >= 500) return open_fault(service, std::move(detail));
    const bool denied = says_unauthorized(code) || code == "InvalidKeyId";  // a key that the role may not see
    auto fault = denied ? unauthorized_fault(service, std::move(detail)) : refused_fault(service, std::move(detail));
    fault.may_be_clock = may_be_clock(code);
    return fault;
}

}  // namespace

Result<SsmEndpoint> SsmEndpoint::resolve(const Environment& environment) {
    const SettingsReader settings(environment);
    auto region = settings.optional_text("AWS_REGION");
    if (!region) region = settings.optional_text("AWS_DEFAULT_REGION");
    if (!region) {
        return fail(ErrorKind::invalid_input, "ssm.region_missing", "set AWS_REGION: parameters are of one region");
    }
    auto configured = settings.optional_text("AWS_ENDPOINT_URL_SSM");
    if (!configured) configured = settings.optional_text("AWS_ENDPOINT_URL");
    const std::string domain = region->starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
    auto url = net::Url::parse(configured ? *configured : "https://ssm." + *region + domain);
    if (!url || !url->user_info.empty()) {
        return fail(ErrorKind::invalid_input, "ssm.endpoint_invalid",
                    "AWS_ENDPOINT_URL_SSM or AWS_ENDPOINT_URL is no http or https URL, or AWS_REGION is no region");
    }
    return SsmEndpoint{.url = *std::move(url), .region = *std::move(region)};
}

SsmParameters::SsmParameters(AwsCaller::Parts parts, SsmEndpoint endpoint)
    : caller_(std::move(parts),
              {.name = "ssm",
               .region = std::move(endpoint.region),
               .url = std::move(endpoint.url),
               .errors = service,
               .read_fault = read_ssm_fault},
              patient) {}

std::string write_get_parameters(const std::vector<std::string>& names) {
    json::Writer out;
    out.begin_object().key("Names").begin_array();
    for (const auto& name : names) out.string(name);
    out.end_array().key("WithDecryption").boolean(true).end_object();
    return std::move(out).take();
}

Result<std::map<std::string, std::string>> read_parameters(std::string_view answer,
                                                           const std::vector<std::string>& names) {
    const auto document = json::parse(answer, {.bytes = answer_bytes_max});
    const auto* list = document ? document->find("Parameters") : nullptr;
    const auto* items = list == nullptr ? nullptr : list->array();
    if (items == nullptr) return fail(open_fault(service, "the answer has no Parameters").error);
    std::map<std::string, std::string> values;
    for (const auto& item : *items) {
        auto value = text_of(item, "Value");
        if (!value.empty()) values.emplace(text_of(item, "Name"), std::move(value));
    }
    std::string missing;
    for (const auto& name : names) {
        if (!values.contains(name)) missing += (missing.empty() ? "" : ", ") + name;
    }
    if (missing.empty()) return values;
    return fail(ErrorKind::not_found, "ssm.parameter_missing",
                "there is no such parameter in this account and region: " + missing);
}

task<Result<std::map<std::string, std::string>>> SsmParameters::get(std::vector<std::string> names, Instant deadline) {
    ORDERFLOW_INVARIANT(names.size() <= ssm_names_max);
    AwsCaller::Request request{
        .headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", "AmazonSSM.GetParameters"}},
        .body = write_get_parameters(names)};
    const auto answer = co_await caller_.call(std::move(request), deadline, std::stop_token());
    if (!answer) co_return fail(answer.error());
    co_return read_parameters(*answer, names);
}

}  // namespace orderflow::aws
