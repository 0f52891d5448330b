#include "libs/observe/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "libs/json/writer.hpp"
#include "libs/observe/printable.hpp"

namespace orderflow::observe {

namespace {

constexpr std::size_t max_text_bytes = 2048;
constexpr std::string_view redacted = "[redacted]";

// Names under which an order, a message or a request carries personal data and secrets.
constexpr std::array<std::string_view, 17> personal_keys{
    "address",  "authorization", "billing_address", "body",   "city",
    "customer", "email",         "line1",           "line2",  "name",
    "notes",    "phone",         "postal_code",     "region", "shipping_address",
    "token",    "metadata"};

bool is_personal(std::string_view key) { return std::ranges::find(personal_keys, key) != personal_keys.end(); }

std::string_view to_string(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return "debug";
        case LogLevel::info: return "info";
        case LogLevel::warn: return "warn";
        case LogLevel::error: return "error";
    }
    return "error";
}

std::string format_time(WallTime at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

struct AppendValue {
    json::Writer& out;

    void operator()(std::string_view text) const { out.string(printable(text, max_text_bytes)); }
    void operator()(std::int64_t number) const { out.integer(number); }
    void operator()(std::uint64_t number) const { out.raw(fmt::to_string(number)); }
    void operator()(double number) const {
        if (std::isfinite(number)) {
            out.raw(fmt::to_string(number));
        } else {
            out.null();
        }
    }
    void operator()(bool flag) const { out.boolean(flag); }
    void operator()(Personal /*unknown*/) const { out.string(redacted); }
};

}  // namespace

void Logger::write(LogLevel level, std::string_view event, Fields fields, const TraceContext* trace) const {
    json::Writer line;
    line.reserve(256);
    line.begin_object().key("time").string(format_time(clock_.wall()));
    line.key("level").string(to_string(level)).key("event").string(printable(event, max_text_bytes));
    if (trace != nullptr) line.key("trace_id").string(trace->trace_id_text());
    for (const auto& [key, value] : fields) {
        line.key(printable(key, max_text_bytes));
        if (is_personal(key)) {
            line.string(redacted);
        } else {
            std::visit(AppendValue{line}, value);
        }
    }
    line.end_object();
    sink_.write(level, line.text());
}

}  // namespace orderflow::observe
