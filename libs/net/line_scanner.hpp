// LineScanner: finds the lines of a request head in bytes that arrive piece by piece, and refuses what may stand in no
// line. Each byte is looked at once, however small the pieces are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace orderflow::net {

class LineScanner {
  public:
    enum class Found : std::uint8_t { line, incomplete, too_long, bare_cr, bare_lf, control_character };

    // `bytes` are all bytes from the start (less what was forgotten); between calls they only grow. A line ends with CR
    // LF and holds no other control character than tabs; `max_bytes` bounds it without its end.
    Found next(std::string_view bytes, std::size_t max_bytes) noexcept;

    // After Found::line: the line without its end.
    std::string_view line(std::string_view bytes) const noexcept { return bytes.substr(line_begin_, line_size_); }
    // Offset of the first byte behind the last line found.
    std::size_t position() const noexcept { return next_; }

    // The next line begins at `position`: for bytes between lines that are no text.
    void resume_at(std::size_t position) noexcept { next_ = scanned_ = position; }
    // The first `count` bytes, all before position(), are gone from the front.
    void forget(std::size_t count) noexcept {
        next_ -= count;
        scanned_ -= count;
    }

  private:
    std::size_t next_ = 0;     // where the line that is looked for begins
    std::size_t scanned_ = 0;  // everything before is known to be harmless
    std::size_t line_begin_ = 0;
    std::size_t line_size_ = 0;
};

}  // namespace orderflow::net
