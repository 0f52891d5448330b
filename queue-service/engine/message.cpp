#include "queue-service/engine/message.hpp"

namespace orderflow::queue {

MessageId MessageId::random(Entropy& entropy) {
    MessageId id;
    entropy.fill(id.bytes);
    id.bytes[6] = (id.bytes[6] & std::byte{0x0f}) | std::byte{0x40};  // version 4
    id.bytes[8] = (id.bytes[8] & std::byte{0x3f}) | std::byte{0x80};  // variant of RFC 9562
    return id;
}

std::string MessageId::text() const {
    constexpr auto digits = "0123456789abcdef";
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        const auto value = std::to_integer<unsigned>(bytes[i]);
        out += digits[value >> 4U];
        out += digits[value & 0x0fU];
    }
    return out;
}

}  // namespace orderflow::queue
