#include "tests/telemetry/otlp_checker.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <limits>
#include <optional>
#include <utility>

#include "libs/json/parse.hpp"

namespace orderflow::telemetry {
namespace {

constexpr std::size_t body_bytes_max = 5'000'000;  // what AWS X-Ray takes
constexpr std::size_t spans_max = 10'000;          // the same
constexpr std::size_t trace_id_digits = 32;
constexpr std::size_t span_id_digits = 16;

class Checker {
  public:
    CheckedRequest check(std::string_view body) {
        const auto document = json::parse(body, {.bytes = body_bytes_max});
        if (!document) {
            fault("", "it is no JSON that is short enough");
            return std::move(result_);
        }
        if (document->root().repeats_a_name()) fault("", "a name stands twice in one object");
        members("", document->root(), {"resourceSpans"});
        for (const auto& of : items("resourceSpans", document->find("resourceSpans"))) resource_spans(of);
        if (result_.spans.size() > spans_max) fault("", "too many spans");
        return std::move(result_);
    }

  private:
    void fault(std::string_view place, std::string_view what) {
        result_.faults.push_back(std::string(place) + ": " + std::string(what));
    }

    // An unknown member is no fault for a receiver, but one for us: nobody would read it.
    void members(std::string_view place, const json::Value& value, std::initializer_list<std::string_view> known) {
        const auto* object = value.object();
        if (object == nullptr) return fault(place, "it is no object");
        for (const auto& member : *object) {
            if (std::ranges::find(known, member.name) == known.end())
                fault(place, "it has a member " + std::string(member.name));
        }
    }

    json::Value::Array items(std::string_view place, const json::Value* value) {
        const auto* array = value != nullptr ? value->array() : nullptr;
        if (array != nullptr && !array->empty()) return *array;
        fault(place, "it is no array, or an empty one");
        return {};
    }

    std::string text(std::string_view place, const json::Value* value) {
        const auto* string = value != nullptr ? value->string() : nullptr;
        if (string != nullptr && !string->empty()) return std::string(*string);
        fault(place, "it is no text, or an empty one");
        return {};
    }

    std::string id(std::string_view place, const json::Value* value, std::size_t digits) {
        auto result = text(place, value);
        const bool is_hex =
            result.size() == digits && result.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
        if (!is_hex) fault(place, "it is no hexadecimal id of its length");
        if (result.find_first_not_of('0') == std::string::npos) fault(place, "it is all zero");
        return result;
    }

    // 64-bit numbers are texts.
    template <class Number>
    Number number(std::string_view place, const json::Value* value) {
        const auto digits = text(place, value);
        Number result = 0;
        const auto* end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, result);
        if (read.ec != std::errc() || read.ptr != end) fault(place, "it is no whole number as a text");
        return result;
    }

    std::int64_t small(std::string_view place, const json::Value* value, std::int64_t least, std::int64_t most) {
        const auto read = value != nullptr ? value->number() : std::nullopt;
        const auto result = read ? read->to_int64() : fail(ErrorKind::invalid_input, "none");
        if (result && *result >= least && *result <= most) return *result;
        fault(place, "it is no number of its range");
        return 0;
    }

    std::string any_value(std::string_view place, const json::Value& value) {
        const auto* object = value.object();
        if (object == nullptr || object->size() != 1) {
            fault(place, "an AnyValue has one member");
            return {};
        }
        const auto& [name, held] = object->front();
        if (name == "stringValue" && held.string() != nullptr) return std::string(*held.string());
        if (name == "intValue") return std::to_string(number<std::int64_t>(place, &held));
        if (name == "boolValue" && held.boolean()) return *held.boolean() ? "true" : "false";
        if (name == "doubleValue" && held.number()) return std::string(held.number()->text);
        fault(place, "it is no AnyValue that we write");
        return {};
    }

    std::map<std::string, std::string> attributes(const std::string& place, const json::Value* value) {
        std::map<std::string, std::string> result;
        const auto* array = value != nullptr ? value->array() : nullptr;
        if (array == nullptr) {
            fault(place, "it is no array");
            return result;
        }
        for (const auto& entry : *array) {
            members(place, entry, {"key", "value"});
            const auto key = text(place + "/key", entry.find("key"));
            const auto* held = entry.find("value");
            if (held == nullptr) fault(place + "/" + key, "it has no value");
            const auto added = result.emplace(key, held != nullptr ? any_value(place + "/" + key, *held) : "");
            if (!added.second) fault(place + "/" + key, "it stands twice");
        }
        return result;
    }

    void resource_spans(const json::Value& value) {
        members("resourceSpans", value, {"resource", "scopeSpans", "schemaUrl"});
        std::string service;
        if (const auto* resource = value.find("resource")) {
            members("resource", *resource, {"attributes", "droppedAttributesCount"});
            service = attributes("resource/attributes", resource->find("attributes"))["service.name"];
        }
        if (service.empty()) fault("resource", "it has no service.name");
        for (const auto& of : items("scopeSpans", value.find("scopeSpans"))) {
            members("scopeSpans", of, {"scope", "spans", "schemaUrl"});
            if (const auto* scope = of.find("scope")) members("scope", *scope, {"name", "version", "attributes"});
            for (const auto& one : items("spans", of.find("spans"))) span(one, service);
        }
    }

    void span(const json::Value& value, const std::string& service) {
        members("span", value,
                {"traceId", "spanId", "parentSpanId", "traceState", "flags", "name", "kind", "startTimeUnixNano",
                 "endTimeUnixNano", "attributes", "events", "links", "status"});
        ReceivedSpan result;
        result.service = service;
        result.trace_id = id("span/traceId", value.find("traceId"), trace_id_digits);
        result.span_id = id("span/spanId", value.find("spanId"), span_id_digits);
        if (const auto* parent = value.find("parentSpanId"))
            result.parent_id = id("span/parentSpanId", parent, span_id_digits);
        if (const auto* flags = value.find("flags")) {
            (void)small("span/flags", flags, 0, std::numeric_limits<std::uint32_t>::max());
        }
        result.name = text("span/name", value.find("name"));
        result.kind = small("span/kind", value.find("kind"), 1, 5);
        result.start_ns = number<std::uint64_t>("span/startTimeUnixNano", value.find("startTimeUnixNano"));
        result.end_ns = number<std::uint64_t>("span/endTimeUnixNano", value.find("endTimeUnixNano"));
        if (result.start_ns == 0 || result.end_ns < result.start_ns) fault("span", "it ends before it begins");
        result.attributes = attributes("span/attributes", value.find("attributes"));
        if (const auto* status = value.find("status")) {
            members("span/status", *status, {"code", "message"});
            if (const auto* code = status->find("code")) result.is_error = small("span/status/code", code, 0, 2) == 2;
            if (!result.is_error && status->find("message") != nullptr)
                fault("span/status", "a message without an error");
        }
        result_.spans.push_back(std::move(result));
    }

    CheckedRequest result_;
};

}  // namespace

CheckedRequest check_export_request(std::string_view body) { return Checker().check(body); }

}  // namespace orderflow::telemetry
