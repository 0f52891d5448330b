// StartCheck: what --check finds out about files. It changes nothing: no file is made, opened for writing, locked or
// migrated, so that it may be asked beside the running service.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "libs/base/result.hpp"

namespace orderflow {

class StartCheck {
  public:
    // For people, one line: "  store            /var/lib/shop/orders.db: is there".
    void good(std::string_view what, std::string_view text);
    void bad(std::string_view what, std::string_view text);

    // It is there and may be written, or can be made.
    void data_dir(const std::filesystem::path& directory) { this->directory("data directory", directory); }
    void directory(std::string_view what, const std::filesystem::path& directory);
    // A file of the data directory that a start makes when it is not there.
    void file(std::string_view what, const std::filesystem::path& path);

    enum class Absent : std::uint8_t { will_be_made, made_by_worker };
    struct Database {
        std::int32_t application_id;  // what the file is marked with
        std::size_t newest_version;   // that this program knows
    };
    // An SQLite file, as far as its first bytes tell: what its write-ahead log holds is not looked at.
    void database(std::string_view what, const std::filesystem::path& path, Database expected, Absent absent);

    // An outcome that something else has found.
    void outcome(std::string_view what, const Result<void>& found);

    bool all_good() const noexcept { return all_good_; }
    const std::string& text() const noexcept { return text_; }

  private:
    std::string text_;
    bool all_good_ = true;
};

}  // namespace orderflow
