#include "libs/net/line_scanner.hpp"

#include "libs/net/ascii.hpp"

namespace orderflow::net {

LineScanner::Found LineScanner::next(std::string_view bytes, std::size_t max_bytes) noexcept {
    auto at = scanned_;
    while (at < bytes.size() && is_field_value_char(bytes[at])) ++at;
    scanned_ = at;
    if (at - next_ > max_bytes) return Found::too_long;
    if (at == bytes.size()) return Found::incomplete;
    if (bytes[at] == '\n') return Found::bare_lf;
    if (bytes[at] != '\r') return Found::control_character;
    if (at + 1 == bytes.size()) return Found::incomplete;
    if (bytes[at + 1] != '\n') return Found::bare_cr;
    line_begin_ = next_;
    line_size_ = at - next_;
    next_ = scanned_ = at + 2;
    return Found::line;
}

}  // namespace orderflow::net
