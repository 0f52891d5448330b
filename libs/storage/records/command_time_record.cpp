#include "libs/storage/records/command_time_record.hpp"

#include "libs/sqlite/statement.hpp"
#include "libs/storage/records/bytes.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint8_t time_format = 1;

}  // namespace

std::string encode_command_time(std::string_view subject, WallTime at) {
    ByteWriter out(time_format);
    out.time(at);
    return std::move(out).sealed(sqlite::as_blob(subject));
}

std::optional<WallTime> decode_command_time(std::string_view subject, Bytes record) {
    ByteReader in(record, sqlite::as_blob(subject), time_format);
    const auto at = in.time();
    if (!in.finished()) return std::nullopt;
    return at;
}

}  // namespace orderflow::storage
