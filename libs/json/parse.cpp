#include "libs/json/parse.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>
#include <type_traits>
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
// and moved into the arena when their list is complete. A step that fails leaves the reason in failure_ and is false.
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
        plain_ = text.find('\\') == std::string_view::npos;
        if (const auto error = parser->iterate(padded(text)).get(read)) return malformed(error);
        if (!value_of(read, copy_, document_.root_)) return fail(*std::move(failure_));
        const bool scalar = !text.starts_with('[') && !text.starts_with('{') && !text.starts_with('"');
        const bool at_end = read.current_location().error() == simdjson::OUT_OF_BOUNDS;
        if (!scalar && !at_end) return malformed("Something follows the end of the document.");
        return std::move(document_);
    }

  private:
    // The text with its padding and the values of a usual document in one piece; what needs more gets more.
    static std::size_t arena_bytes(std::size_t text_bytes) { return 4 * text_bytes + simdjson::SIMDJSON_PADDING + 256; }

    template <class T>
    std::span<T> space(std::size_t count) {
        return {static_cast<T*>(document_.arena_->allocate(count * sizeof(T), alignof(T))), count};
    }

    bool refuse(std::unexpected<Error> why) {
        failure_ = std::move(why).error();
        return false;
    }
    bool refuse(simdjson::error_code code) { return refuse(malformed(code)); }

    // simdjson reads some bytes past the end.
    simdjson::padded_string_view padded(std::string_view text) {
        const auto copy = space<char>(text.size() + simdjson::SIMDJSON_PADDING);
        const auto rest = std::ranges::copy(text, copy.begin()).out;
        std::ranges::fill(rest, copy.end(), '\0');
        copy_ = {copy.data(), text.size()};
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

    bool escaped(simdjson::simdjson_result<std::string_view> parsed, std::string_view& out) {
        std::string_view content;
        if (const auto error = std::move(parsed).get(content)) return refuse(error);
        if (holds_surrogate(content)) return refuse(malformed("An escape names half of a surrogate pair."));
        out = kept(content);
        return true;
    }

    // Without a backslash in the whole text a string is what stands between its quotes, in the arena's own copy.
    // simdjson has found the quotes and refused control characters and bytes that are no UTF-8 before.
    static std::string_view up_to_quote(const char* begin, const char* end) {
        return {begin, std::find(begin, end, '"')};
    }

    bool name_of(simdjson::simdjson_result<ondemand::field>& field, std::string_view& out) {
        if (!plain_) return escaped(field.unescaped_key(), out);
        ondemand::raw_json_string name;
        if (const auto error = field.key().get(name)) return refuse(error);
        out = up_to_quote(name.raw(), copy_.data() + copy_.size());
        return true;
    }

    template <class Raw>
    bool string(Raw& raw, std::string_view token, Value& out) {
        std::string_view content;
        if (plain_) {
            content = up_to_quote(token.data() + 1, token.data() + token.size());
            // simdjson has to be told that it was read: the end of a document that is a string would not be found, and
            // a value that is passed over unread is taken for a name when a colon follows ({"a":"b":4}}).
            if constexpr (std::is_same_v<Raw, ondemand::document>) {
                if (const auto error = raw.get_string().error()) return refuse(error);
            } else {
                if (const auto error = raw.get_raw_json_string().error()) return refuse(error);
            }
        } else if (!escaped(raw.get_string(), content)) {
            return false;
        }
        out = Value(Value::Kind::string, content);
        return true;
    }

    // Numbers and the three names, from what stands between two structural characters.
    bool scalar(std::string_view token, Value& out) {
        const auto content = trimmed(token);
        if (content == "null") {
            out = Value();
        } else if (content == "true") {
            out = Value(true);
        } else if (content == "false") {
            out = Value(false);
        } else if (is_number(content)) {
            out = Value(Value::Kind::number, content);
        } else {
            return refuse(malformed("A value is neither a number nor true, false or null."));
        }
        return true;
    }

    bool array(ondemand::array from, Value& out) {
        if (depth_ == depth_max_) return refuse(fail(ErrorKind::invalid_input, "json.too_deep"));
        ++depth_;
        const auto begin = items_.size();
        bool repeats = false;
        for (auto element : from) {
            Value item;
            if (!value(element, item)) return false;
            repeats = repeats || item.repeats_a_name();
            items_.push_back(item);
        }
        --depth_;
        out = Value(kept(items_, begin), repeats);
        return true;
    }

    bool object(ondemand::object from, Value& out) {
        if (depth_ == depth_max_) return refuse(fail(ErrorKind::invalid_input, "json.too_deep"));
        ++depth_;
        const auto begin = members_.size();
        bool repeats = false;
        for (auto field : from) {
            if (field.error() != simdjson::SUCCESS) return refuse(field.error());
            Member member;
            if (!name_of(field, member.name) || !value(field.value(), member.value)) return false;
            repeats = repeats || member.value.repeats_a_name();
            members_.push_back(member);
        }
        --depth_;
        const auto members = kept(members_, begin);
        out = Value(members, repeats || repeats_a_name(members));
        return true;
    }

    bool value(simdjson::simdjson_result<ondemand::value> from, Value& out) {
        ondemand::value raw;
        if (const auto error = std::move(from).get(raw)) return refuse(error);
        return value_of(raw, raw.raw_json_token(), out);
    }

    // `raw` is a document or a value of it, `token` begins with its first character.
    template <class Raw>
    bool value_of(Raw& raw, std::string_view token, Value& out) {
        if (token.starts_with('[')) {
            ondemand::array items;
            if (const auto error = raw.get_array().get(items)) return refuse(error);
            return array(items, out);
        }
        if (token.starts_with('{')) {
            ondemand::object members;
            if (const auto error = raw.get_object().get(members)) return refuse(error);
            return object(members, out);
        }
        if (token.starts_with('"')) return string(raw, token, out);
        return scalar(token, out);
    }

    Document document_;
    std::string_view copy_;  // of the text, in the arena
    bool plain_ = false;     // no backslash stands in it
    std::vector<Value> items_;
    std::vector<Member> members_;
    std::size_t depth_max_;
    std::size_t depth_ = 0;
    std::optional<Error> failure_;
};

Result<Document> parse(std::string_view text, ParseLimits limits) {
    if (text.size() > limits.bytes) return fail(ErrorKind::invalid_input, "json.too_large");
    if (text.starts_with(byte_order_mark)) return malformed("The text begins with a byte order mark.");
    const auto content = trimmed(text);
    if (content.empty()) return malformed("The text is empty.");
    return Builder(content.size(), limits.depth).build(content);
}

}  // namespace orderflow::json
