#include "libs/observe/otlp_json.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "libs/json/parse.hpp"
#include "libs/json/writer.hpp"
#include "libs/observe/printable.hpp"

namespace orderflow::observe {

namespace {

constexpr std::size_t text_bytes_max = 256;
constexpr std::size_t answer_bytes_max = 64 * 1024;
constexpr std::int64_t status_error = 2;
constexpr std::int64_t flag_sampled = 1;

void append_text(json::Writer& out, std::string_view key, std::string_view text) {
    out.begin_object().key("key").string(printable(key, text_bytes_max));
    out.key("value").begin_object().key("stringValue").string(printable(text, text_bytes_max)).end_object();
    out.end_object();
}

struct AppendAttribute {
    json::Writer& out;
    std::string_view key;

    void operator()(const std::string& text) const { append_text(out, key, text); }
    void operator()(std::int64_t number) const {
        out.begin_object().key("key").string(key);
        out.key("value").begin_object().key("intValue").string(std::to_string(number)).end_object();
        out.end_object();
    }
    void operator()(bool flag) const {
        out.begin_object().key("key").string(key);
        out.key("value").begin_object().key("boolValue").boolean(flag).end_object();
        out.end_object();
    }
};

void append_span(json::Writer& out, const SpanRecord& span) {
    out.begin_object()
        .key("traceId")
        .string(hex(span.context.trace_id))
        .key("spanId")
        .string(hex(span.context.span_id));
    const bool is_first = std::ranges::all_of(span.parent, [](std::uint8_t byte) { return byte == 0; });
    if (!is_first) out.key("parentSpanId").string(hex(span.parent));
    out.key("flags").integer(flag_sampled);
    out.key("name").string(printable(span.name, text_bytes_max)).key("kind").integer(static_cast<int>(span.kind));
    out.key("startTimeUnixNano").string(std::to_string(span.start_ns));
    out.key("endTimeUnixNano").string(std::to_string(std::max(span.start_ns, span.end_ns)));
    out.key("attributes").begin_array();
    for (const auto& attribute : span.attributes) std::visit(AppendAttribute{out, attribute.key}, attribute.value);
    out.end_array().key("status").begin_object();
    if (!span.error.empty()) {
        out.key("code").integer(status_error).key("message").string(printable(span.error, text_bytes_max));
    }
    out.end_object().end_object();
}

// int64 is a string in this encoding; some receivers write a number.
std::uint64_t count_of(const json::Value* value) {
    if (value == nullptr) return 0;
    std::string_view text;
    if (const auto* quoted = value->string()) text = *quoted;
    if (const auto number = value->number()) text = number->text;
    std::uint64_t count = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, count);
    return read.ec == std::errc() && read.ptr == end ? count : 0;
}

}  // namespace

std::string encode_export_request(const ResourceAttributes& resource, std::span<const SpanRecord> spans) {
    json::Writer out;
    out.reserve(512 + spans.size() * 1024);
    out.begin_object().key("resourceSpans").begin_array().begin_object();
    out.key("resource").begin_object().key("attributes").begin_array();
    for (const auto& [key, value] : resource) append_text(out, key, value);
    out.end_array().end_object();
    out.key("scopeSpans").begin_array().begin_object();
    out.key("scope").begin_object().key("name").string("orderflow").end_object();
    out.key("spans").begin_array();
    for (const auto& span : spans) append_span(out, span);
    out.end_array().end_object().end_array().end_object().end_array().end_object();
    return std::move(out).take();
}

std::uint64_t rejected_spans(std::string_view answer) {
    const auto parsed = json::parse(answer, {.bytes = answer_bytes_max});
    const auto* partial = parsed ? parsed->find("partialSuccess") : nullptr;
    return partial != nullptr ? count_of(partial->find("rejectedSpans")) : 0;
}

}  // namespace orderflow::observe
