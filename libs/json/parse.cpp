#include "libs/json/parse.hpp"

#include <simdjson.h>

#include <utility>

#include "libs/json/number_grammar.hpp"

namespace orderflow::json {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view white_space = " \t\n\r";

std::unexpected<Error> malformed(std::string_view why) {
    return fail(ErrorKind::invalid_input, "json.malformed", std::string(why));
}
std::unexpected<Error> malformed(simdjson::error_code code) { return malformed(simdjson::error_message(code)); }

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(white_space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

// U+D800 to U+DFFF in UTF-8. simdjson has checked the raw text; only an escape can bring one in, and its versions
// differ about which of them they refuse.
bool holds_surrogate(std::string_view text) {
    for (auto at = text.find('\xED'); at != std::string_view::npos; at = text.find('\xED', at + 1)) {
        if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0) return true;
    }
    return false;
}

Result<std::string> to_text(simdjson::simdjson_result<std::string_view> parsed) {
    std::string_view text;
    if (const auto error = std::move(parsed).get(text)) return malformed(error);
    if (holds_surrogate(text)) return malformed("An escape names half of a surrogate pair.");
    return std::string(text);
}

// Numbers and the three names, from what stands between two structural characters.
Result<Value> to_scalar(std::string_view token) {
    const auto text = trimmed(token);
    if (text == "null") return Value();
    if (text == "true") return Value(true);
    if (text == "false") return Value(false);
    if (is_number(text)) return Value(Number{std::string(text)});
    return malformed("A value is neither a number nor true, false or null.");
}

// Walks a document once, front to back, as simdjson's on-demand interface wants it.
class Builder {
  public:
    explicit Builder(std::size_t depth_max) : depth_max_(depth_max) {}

    Result<Value> array(ondemand::array from) {
        if (depth_ == depth_max_) return fail(ErrorKind::invalid_input, "json.too_deep");
        ++depth_;
        Value::Array items;
        for (auto element : from) {
            auto item = value(element);
            if (!item) return item;
            items.push_back(*std::move(item));
        }
        --depth_;
        return Value(std::move(items));
    }

    Result<Value> object(ondemand::object from) {
        if (depth_ == depth_max_) return fail(ErrorKind::invalid_input, "json.too_deep");
        ++depth_;
        Value::Object members;
        for (auto field : from) {
            if (field.error() != simdjson::SUCCESS) return malformed(field.error());
            auto name = to_text(field.unescaped_key());
            if (!name) return fail(std::move(name).error());
            auto member = value(field.value());
            if (!member) return member;
            members.emplace_back(*std::move(name), *std::move(member));
        }
        --depth_;
        return Value(std::move(members));
    }

  private:
    Result<Value> value(simdjson::simdjson_result<ondemand::value> from) {
        ondemand::value raw;
        if (const auto error = std::move(from).get(raw)) return malformed(error);
        const std::string_view token = raw.raw_json_token();
        if (token.starts_with('[')) {
            ondemand::array items;
            if (const auto error = raw.get_array().get(items)) return malformed(error);
            return array(items);
        }
        if (token.starts_with('{')) {
            ondemand::object members;
            if (const auto error = raw.get_object().get(members)) return malformed(error);
            return object(members);
        }
        if (token.starts_with('"')) {
            auto text = to_text(raw.get_string());
            if (!text) return fail(std::move(text).error());
            return Value(*std::move(text));
        }
        return to_scalar(token);
    }

    std::size_t depth_max_;
    std::size_t depth_ = 0;
};

Result<Value> build(ondemand::document& document, std::string_view text, std::size_t depth_max) {
    if (text.starts_with('[')) {
        ondemand::array items;
        if (const auto error = document.get_array().get(items)) return malformed(error);
        return Builder(depth_max).array(items);
    }
    if (text.starts_with('{')) {
        ondemand::object members;
        if (const auto error = document.get_object().get(members)) return malformed(error);
        return Builder(depth_max).object(members);
    }
    if (text.starts_with('"')) {
        auto content = to_text(document.get_string());
        if (!content) return fail(std::move(content).error());
        return Value(*std::move(content));
    }
    return to_scalar(text);
}

}  // namespace

Result<Value> parse(std::string_view text, ParseLimits limits) {
    if (text.size() > limits.bytes) return fail(ErrorKind::invalid_input, "json.too_large");
    if (text.starts_with(byte_order_mark)) return malformed("The text begins with a byte order mark.");
    const auto content = trimmed(text);
    if (content.empty()) return malformed("The text is empty.");
    const simdjson::padded_string padded(content);  // simdjson reads some bytes past the end
    ondemand::parser parser;
    ondemand::document document;
    if (const auto error = parser.iterate(padded).get(document)) return malformed(error);
    const bool scalar = !content.starts_with('[') && !content.starts_with('{') && !content.starts_with('"');
    auto value = build(document, content, limits.depth);
    const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    if (value && !scalar && !at_end) return malformed("Something follows the end of the document.");
    return value;
}

}  // namespace orderflow::json
