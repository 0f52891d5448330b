#include "libs/json/parse.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>
#include <vector>

#include "libs/json/number_grammar.hpp"

namespace orderflow::json {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view white_space = " \t\n\r";

// What a thread keeps of its parser between two texts.
constexpr std::size_t kept_capacity_max = 64 * 1024;

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

// Few names are compared with each other, many are kept in a set: a hostile document must not cost the square of its
// length.
bool repeats_a_name(Value::Object members) {
    constexpr std::size_t few = 16;
    if (members.size() > few) {
        std::set<std::string_view> names;
        return !std::ranges::all_of(members, [&](const auto& member) { return names.insert(member.name).second; });
    }
    for (std::size_t i = 1; i < members.size(); ++i) {
        const auto before = members.first(i);
        if (std::ranges::find(before, members[i].name, &Member::name) != before.end()) return true;
    }
    return false;
}

// The buffers of a parser are used again for the next text; those of an unusually large one are given back.
class Parser {
  public:
    ~Parser() {
        if (parser().capacity() > kept_capacity_max) parser() = ondemand::parser();
    }
    ondemand::parser* operator->() { return &parser(); }

  private:
    static ondemand::parser& parser() {
        thread_local ondemand::parser own;
        return own;
    }
};

}  // namespace

// Walks a document once, front to back, as simdjson's on-demand interface wants it. Elements are gathered on a stack
// and moved into the arena when their list is complete.
class Builder {
  public:
    Builder(std::size_t text_bytes, std::size_t depth_max)
        : document_(std::make_unique<Document::Arena>(arena_bytes(text_bytes))), depth_max_(depth_max) {
        constexpr std::size_t usual = 32;
        items_.reserve(usual);
        members_.reserve(usual);
    }

    Result<Document> build(std::string_view text) {
        Parser parser;
        ondemand::document read;
        if (const auto error = parser->iterate(padded(text)).get(read)) return malformed(error);
        auto root = value_of(read, text);
        if (!root) return fail(std::move(root).error());
        const bool scalar = !text.starts_with('[') && !text.starts_with('{') && !text.starts_with('"');
        const bool at_end = read.current_location().error() == simdjson::OUT_OF_BOUNDS;
        if (!scalar && !at_end) return malformed("Something follows the end of the document.");
        document_.root_ = *root;
        return std::move(document_);
    }

  private:
    // The text with its padding and the values of a usual document in one piece; what needs more gets more.
    static std::size_t arena_bytes(std::size_t text_bytes) { return 4 * text_bytes + simdjson::SIMDJSON_PADDING + 256; }

    template <class T>
    std::span<T> space(std::size_t count) {
        return {static_cast<T*>(document_.arena_->allocate(count * sizeof(T), alignof(T))), count};
    }

    // simdjson reads some bytes past the end.
    simdjson::padded_string_view padded(std::string_view text) {
        const auto copy = space<char>(text.size() + simdjson::SIMDJSON_PADDING);
        const auto rest = std::ranges::copy(text, copy.begin()).out;
        std::ranges::fill(rest, copy.end(), '\0');
        return simdjson::padded_string_view(copy.data(), text.size(), copy.size());
    }

    std::string_view kept(std::string_view text) {
        const auto copy = space<char>(text.size());
        std::ranges::copy(text, copy.begin());
        return {copy.data(), copy.size()};
    }

    // Moves what was gathered since `from` from the stack into the arena.
    template <class T>
    std::span<const T> kept(std::vector<T>& stack, std::size_t from) {
        const auto gathered = std::span(stack).subspan(from);
        const auto copy = space<T>(gathered.size());
        std::uninitialized_copy(gathered.begin(), gathered.end(), copy.begin());
        stack.resize(from);
        return copy;
    }

    Result<std::string_view> text(simdjson::simdjson_result<std::string_view> parsed) {
        std::string_view content;
        if (const auto error = std::move(parsed).get(content)) return malformed(error);
        if (holds_surrogate(content)) return malformed("An escape names half of a surrogate pair.");
        return kept(content);
    }

    Result<Value> string(simdjson::simdjson_result<std::string_view> parsed) {
        const auto content = text(std::move(parsed));
        if (!content) return fail(content.error());
        return Value(Value::Kind::string, *content);
    }

    // Numbers and the three names, from what stands between two structural characters.
    Result<Value> scalar(std::string_view token) {
        const auto content = trimmed(token);
        if (content == "null") return Value();
        if (content == "true") return Value(true);
        if (content == "false") return Value(false);
        if (is_number(content)) return Value(Value::Kind::number, kept(content));
        return malformed("A value is neither a number nor true, false or null.");
    }

    Result<Value> array(ondemand::array from) {
        if (depth_ == depth_max_) return fail(ErrorKind::invalid_input, "json.too_deep");
        ++depth_;
        const auto begin = items_.size();
        bool repeats = false;
        for (auto element : from) {
            const auto item = value(element);
            if (!item) return item;
            repeats = repeats || item->repeats_a_name();
            items_.push_back(*item);
        }
        --depth_;
        return Value(kept(items_, begin), repeats);
    }

    Result<Value> object(ondemand::object from) {
        if (depth_ == depth_max_) return fail(ErrorKind::invalid_input, "json.too_deep");
        ++depth_;
        const auto begin = members_.size();
        bool repeats = false;
        for (auto field : from) {
            if (field.error() != simdjson::SUCCESS) return malformed(field.error());
            const auto name = text(field.unescaped_key());
            if (!name) return fail(name.error());
            const auto member = value(field.value());
            if (!member) return member;
            repeats = repeats || member->repeats_a_name();
            members_.push_back({*name, *member});
        }
        --depth_;
        const auto members = kept(members_, begin);
        return Value(members, repeats || repeats_a_name(members));
    }

    Result<Value> value(simdjson::simdjson_result<ondemand::value> from) {
        ondemand::value raw;
        if (const auto error = std::move(from).get(raw)) return malformed(error);
        return value_of(raw, raw.raw_json_token());
    }

    // `raw` is a document or a value of it, `token` begins with its first character.
    template <class Raw>
    Result<Value> value_of(Raw& raw, std::string_view token) {
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
        if (token.starts_with('"')) return string(raw.get_string());
        return scalar(token);
    }

    Document document_;
    std::vector<Value> items_;
    std::vector<Member> members_;
    std::size_t depth_max_;
    std::size_t depth_ = 0;
};

Result<Document> parse(std::string_view text, ParseLimits limits) {
    if (text.size() > limits.bytes) return fail(ErrorKind::invalid_input, "json.too_large");
    if (text.starts_with(byte_order_mark)) return malformed("The text begins with a byte order mark.");
    const auto content = trimmed(text);
    if (content.empty()) return malformed("The text is empty.");
    return Builder(content.size(), limits.depth).build(content);
}

}  // namespace orderflow::json
