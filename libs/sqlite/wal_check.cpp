#include "libs/sqlite/wal_check.hpp"

#include <algorithm>
#include <vector>

#include "libs/sqlite/wal_file.hpp"

namespace orderflow::sqlite {

namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t header_bytes = 32;
constexpr std::size_t frame_header_bytes = 24;
constexpr std::uint32_t magic = 0x377f0682;  // the lowest bit tells the byte order of the checksums

std::uint32_t big_endian(Bytes bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = (value << 8U) | std::to_integer<std::uint32_t>(bytes[at + i]);
    return value;
}

std::uint32_t little_endian(Bytes bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = (value << 8U) | std::to_integer<std::uint32_t>(bytes[at + i]);
    return value;
}

struct Checksum {
    std::uint32_t first = 0;
    std::uint32_t second = 0;
    friend bool operator==(const Checksum&, const Checksum&) = default;
};

Checksum checksum(Bytes bytes, bool big, Checksum seed) {
    const auto word = big ? big_endian : little_endian;
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
        seed.first += word(bytes, at) + seed.second;
        seed.second += word(bytes, at + 4) + seed.first;
    }
    return seed;
}

struct Header {
    bool big_checksums;
    std::size_t page_bytes;
    Bytes salts;
    Checksum sum;
};

std::optional<Header> intact_header(Bytes wal) {
    if ((big_endian(wal, 0) & ~1U) != magic) return std::nullopt;
    const Header header{(big_endian(wal, 0) & 1U) != 0,
                        big_endian(wal, 8),
                        wal.subspan(16, 8),
                        {big_endian(wal, 24), big_endian(wal, 28)}};
    if (header.page_bytes < 512 || header.page_bytes > 65536) return std::nullopt;
    if (checksum(wal.first(24), header.big_checksums, {}) != header.sum) return std::nullopt;
    return header;
}

class Frame {
  public:
    Frame(Bytes wal, const Header& header, std::size_t number)
        : header_(header),
          bytes_(wal.subspan(header_bytes + number * (frame_header_bytes + header.page_bytes),
                             frame_header_bytes + header.page_bytes)) {}

    bool is_current() const { return std::ranges::equal(bytes_.subspan(8, 8), header_.salts); }
    bool is_commit() const { return big_endian(bytes_, 4) != 0; }
    Checksum stored() const { return {big_endian(bytes_, 16), big_endian(bytes_, 20)}; }
    bool continues(Checksum previous) const {
        if (!is_current()) return false;
        previous = checksum(bytes_.first(8), header_.big_checksums, previous);
        return checksum(bytes_.subspan(frame_header_bytes), header_.big_checksums, previous) == stored();
    }

  private:
    const Header& header_;
    Bytes bytes_;
};

bool all_zero(Bytes bytes) {
    return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
}

std::optional<WalDamage> damage_behind(Bytes wal, const Header& header) {
    const std::size_t frame_bytes = frame_header_bytes + header.page_bytes;
    const std::size_t frames = (wal.size() - header_bytes) / frame_bytes;
    std::size_t bad = 0;
    for (auto previous = header.sum; bad < frames; ++bad) {
        const Frame frame(wal, header, bad);
        if (!frame.continues(previous)) break;
        previous = frame.stored();
    }
    for (std::size_t i = bad; i + 1 < frames; ++i) {
        const Frame frame(wal, header, i);
        if (frame.is_current() && frame.is_commit() && Frame(wal, header, i + 1).continues(frame.stored())) {
            return WalDamage{header_bytes + bad * frame_bytes, bad};
        }
    }
    return std::nullopt;
}

Result<std::vector<std::byte>> read_wal(const std::string& database_path, const std::string& vfs) {
    const auto wal = WalFile::open(database_path, vfs, WalFile::Use::read);
    if (!wal) return fail(wal.error());
    if (!*wal) return std::vector<std::byte>();
    const auto size = (*wal)->size();
    if (!size) return fail(size.error());
    std::vector<std::byte> bytes(*size);
    constexpr std::size_t chunk = 1U << 20U;
    for (std::size_t at = 0; at < bytes.size(); at += chunk) {
        const auto into = std::span(bytes).subspan(at, std::min(chunk, bytes.size() - at));
        if (auto read = (*wal)->read(at, into); !read) return fail(std::move(read).error());
    }
    return bytes;
}

}  // namespace

std::optional<WalDamage> find_wal_damage(Bytes wal) {
    if (wal.size() < header_bytes) return std::nullopt;
    if (const auto header = intact_header(wal)) return damage_behind(wal, *header);
    // The header is synced before the first frame is written and fits a sector: frames behind a bad one mean damage.
    if (all_zero(wal.subspan(header_bytes))) return std::nullopt;
    return WalDamage{0, 0};
}

Result<void> check_wal_of(const std::string& database_path, const std::string& vfs) {
    const auto bytes = read_wal(database_path, vfs);
    if (!bytes) return fail(bytes.error());
    const auto damage = find_wal_damage(*bytes);
    if (!damage) return {};
    const std::string wal = database_path + "-wal";
    return fail(ErrorKind::internal, "disk.wal_damaged",
                wal + " is damaged at byte " + std::to_string(damage->offset) +
                    ", in front of transactions that were acknowledged; nothing was changed. Restore a backup, or give "
                    "up what lies behind the damage and start again: cp -- '" +
                    wal + "' '" + wal + ".damaged' && truncate -s " + std::to_string(damage->offset) + " -- '" + wal +
                    "'");
}

}  // namespace orderflow::sqlite
