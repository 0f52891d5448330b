#include "libs/net/request_ids.hpp"

#include <utility>

namespace orderflow::net {

std::string_view RequestIds::next(std::array<char, 32>& out) {
    static constexpr std::string_view digits = "0123456789abcdef";
    if (used_ == block_.size()) {
        entropy_.fill(block_);
        used_ = 0;
    }
    for (std::size_t i = 0; i < id_bytes; ++i) {
        const auto octet = std::to_integer<unsigned>(block_[used_++]);
        out[2 * i] = digits[octet >> 4U];
        out[2 * i + 1] = digits[octet & 15U];
    }
    return {out.data(), out.size()};
}

}  // namespace orderflow::net
