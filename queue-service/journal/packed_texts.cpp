#include "queue-service/journal/packed_texts.hpp"

#include <cstddef>
#include <cstdint>

namespace orderflow::queue {
namespace {

constexpr std::size_t length_bytes = 4;

}  // namespace

std::string pack_texts(const std::vector<std::string_view>& texts) {
    std::string packed;
    for (const auto text : texts) {
        for (std::size_t i = 0; i < length_bytes; ++i) packed += static_cast<char>((text.size() >> (8 * i)) & 0xffU);
        packed += text;
    }
    return packed;
}

std::optional<std::vector<std::string_view>> unpack_texts(std::string_view packed) {
    std::vector<std::string_view> texts;
    while (!packed.empty()) {
        if (packed.size() < length_bytes) return std::nullopt;
        std::size_t length = 0;
        for (std::size_t i = length_bytes; i-- > 0;) {
            length = (length << 8U) | static_cast<unsigned char>(packed[i]);
        }
        packed.remove_prefix(length_bytes);
        if (packed.size() < length) return std::nullopt;
        texts.push_back(packed.substr(0, length));
        packed.remove_prefix(length);
    }
    return texts;
}

}  // namespace orderflow::queue
