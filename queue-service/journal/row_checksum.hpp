// RowChecksum: the CRC-32C that every row of the journal carries, over its key and all its columns in order. Texts are
// preceded by their length, so that no two rows have the same bytes.
#pragma once

#include <string_view>

#include "libs/sqlite/crc32c.hpp"
#include "libs/sqlite/statement.hpp"

namespace orderflow::queue {

class RowChecksum {
  public:
    RowChecksum& add(std::int64_t value) { return add_bytes(std::as_bytes(std::span(&value, 1))); }
    RowChecksum& add(std::string_view text) {
        add(static_cast<std::int64_t>(text.size()));
        return add_bytes(sqlite::as_blob(text));
    }
    std::int64_t value() const { return value_; }

  private:
    RowChecksum& add_bytes(std::span<const std::byte> bytes) {
        value_ = sqlite::crc32c(bytes, value_);
        return *this;
    }

    std::uint32_t value_ = 0;
};

template <class... Columns>
std::int64_t row_checksum(const Columns&... columns) {
    RowChecksum sum;
    (sum.add(columns), ...);
    return sum.value();
}

}  // namespace orderflow::queue
