#include "libs/observe/trace_context.hpp"

#include <algorithm>
#include <span>

namespace orderflow::observe {

namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t version_00_size = 55;

bool read_hex(std::string_view text, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto high = digits.find(text[2 * i]);
        const auto low = digits.find(text[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return false;
        out[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

void append_hex(std::string& out, std::span<const std::uint8_t> bytes) {
    for (const auto byte : bytes) {
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
}

bool is_zero(std::span<const std::uint8_t> bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

void fill(Entropy& entropy, std::span<std::uint8_t> id) {
    do {
        entropy.fill(std::as_writable_bytes(id));
    } while (is_zero(id));
}

}  // namespace

std::optional<TraceContext> TraceContext::parse(std::string_view text) {
    if (text.size() < version_00_size) return std::nullopt;
    if (text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
    std::array<std::uint8_t, 1> version{};
    std::array<std::uint8_t, 1> flags{};
    TraceContext context;
    const bool readable = read_hex(text.substr(0, 2), version) && read_hex(text.substr(3, 32), context.trace_id) &&
                          read_hex(text.substr(36, 16), context.span_id) && read_hex(text.substr(53, 2), flags);
    if (!readable || version[0] == 0xFF || is_zero(context.trace_id) || is_zero(context.span_id)) return std::nullopt;
    const bool longer = text.size() > version_00_size;
    if (longer && (version[0] == 0 || text[version_00_size] != '-')) return std::nullopt;
    context.sampled = (flags[0] & 1U) != 0;
    return context;
}

TraceContext TraceContext::start(Entropy& entropy) {
    TraceContext context;
    fill(entropy, context.trace_id);
    fill(entropy, context.span_id);
    context.sampled = true;
    return context;
}

TraceContext TraceContext::child(Entropy& entropy) const {
    TraceContext context = *this;
    fill(entropy, context.span_id);
    return context;
}

std::string TraceContext::to_string() const {
    std::string text = "00-";
    append_hex(text, trace_id);
    text += '-';
    append_hex(text, span_id);
    text += sampled ? "-01" : "-00";
    return text;
}

std::string TraceContext::trace_id_text() const {
    std::string text;
    append_hex(text, trace_id);
    return text;
}

}  // namespace orderflow::observe
