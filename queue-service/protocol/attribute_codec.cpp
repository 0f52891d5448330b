#include "queue-service/protocol/attribute_codec.hpp"

#include <optional>
#include <utility>

namespace orderflow::sqs {

namespace {

constexpr char format = 1;
constexpr char text_attribute = 1;
constexpr char binary_attribute = 2;
constexpr char trace_header_item = 3;
constexpr char group_id_item = 4;

void append(std::string& out, std::string_view text) {
    auto size = text.size();
    while (size >= 0x80) {
        out.push_back(static_cast<char>((size & 0x7FU) | 0x80U));
        size >>= 7U;
    }
    out.push_back(static_cast<char>(size));
    out.append(text);
}

class Input {
  public:
    explicit Input(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    bool sound() const { return sound_; }

    char octet() {
        if (rest_.empty()) {
            sound_ = false;
            return 0;
        }
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    std::string text() {
        std::size_t size = 0;
        for (unsigned shift = 0; shift < 28; shift += 7) {
            const auto part = static_cast<unsigned char>(octet());
            size |= static_cast<std::size_t>(part & 0x7FU) << shift;
            if ((part & 0x80U) == 0) return take(size);
        }
        sound_ = false;
        return {};
    }

  private:
    std::string take(std::size_t size) {
        if (size > rest_.size()) {
            sound_ = false;
            return {};
        }
        std::string taken(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return taken;
    }

    std::string_view rest_;
    bool sound_ = true;
};

bool read_item(Input& in, MessageMetadata& metadata) {
    const char tag = in.octet();
    switch (tag) {
        case text_attribute:
        case binary_attribute: {
            auto name = in.text();
            AttributeValue value;
            value.data_type = in.text();
            if (tag == binary_attribute) {
                value.binary_value = Blob{in.text()};
            } else {
                value.string_value = in.text();
            }
            metadata.attributes.insert_or_assign(std::move(name), std::move(value));
            break;
        }
        case trace_header_item: metadata.trace_header = in.text(); break;
        case group_id_item: metadata.group_id = in.text(); break;
        default: return false;
    }
    return in.sound();
}

}  // namespace

std::string encode(const MessageMetadata& metadata) {
    if (metadata == MessageMetadata()) return {};
    std::string out(1, format);
    for (const auto& [name, value] : metadata.attributes) {
        out.push_back(value.binary_value ? binary_attribute : text_attribute);
        append(out, name);
        append(out, value.data_type);
        append(out, value.binary_value ? value.binary_value->bytes : value.string_value.value_or(""));
    }
    if (!metadata.trace_header.empty()) {
        out.push_back(trace_header_item);
        append(out, metadata.trace_header);
    }
    if (!metadata.group_id.empty()) {
        out.push_back(group_id_item);
        append(out, metadata.group_id);
    }
    return out;
}

Result<MessageMetadata> decode(std::string_view text) {
    MessageMetadata metadata;
    if (text.empty()) return metadata;
    Input in(text);
    bool sound = in.octet() == format;
    while (sound && !in.at_end()) sound = read_item(in, metadata);
    if (!sound) return fail(ErrorKind::internal, "sqs.attributes_damaged");
    return metadata;
}

}  // namespace orderflow::sqs
