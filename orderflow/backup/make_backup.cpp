#include <algorithm>
#include <array>
#include <optional>
#include <system_error>
#include <utility>

#include "libs/sqlite/frozen_database.hpp"
#include "orderflow/backup/durable_copy.hpp"
#include "orderflow/backup/installation_backup.hpp"
#include "orderflow/backup/part_names.hpp"
#include "orderflow/log_at_rest.hpp"
#include "programs/process.hpp"

namespace orderflow {
namespace {

namespace fs = std::filesystem;

struct Source {
    Source(std::string n, sqlite::FrozenDatabase d) : name(std::move(n)), database(std::move(d)) {}
    std::string name;  // in the backup
    sqlite::FrozenDatabase database;
};

std::vector<std::pair<std::string, fs::path>> databases_of(const BackupPlace& place) {
    std::vector<std::pair<std::string, fs::path>> databases{{journal_part, place.files.journal}};
    if (!place.files.store.is_postgres()) databases.emplace_back(store_part, place.files.store.file);
    if (place.files.payments) databases.emplace_back(ledger_part, *place.files.payments);
    return databases;
}

Result<std::vector<Source>> open_sources(const BackupPlace& place) {
    std::vector<Source> sources;
    for (const auto& [name, file] : databases_of(place)) {
        std::error_code unreadable;
        if (!fs::exists(file, unreadable)) {
            return fail(ErrorKind::not_found, "backup.no_installation",
                        file.string() + " is not there: name the data directory with --data");
        }
        if (auto intact = check_log_at_rest(file); !intact) return fail_about(intact.error(), file);
        auto opened = sqlite::FrozenDatabase::open(file.string());
        if (!opened) return fail(std::move(opened).error());
        sources.emplace_back(name, *std::move(opened));
    }
    return sources;
}

// Secrets, tokens and seals, by what they are not: a file that a later version adds is in its backups too.
Result<std::vector<fs::path>> small_files(const fs::path& data_dir,
                                          const std::function<void(const std::string&)>& tell) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(data_dir, error)) {
        std::error_code gone;
        if (!entry.is_regular_file(gone) || !is_kept_small_file(entry.path().filename().string())) continue;
        if (entry.file_size(gone) > small_file_bytes_max) {
            tell(entry.path().string() + " is no file of Orderflow and is left out");
            continue;
        }
        files.push_back(entry.path());
    }
    if (error) {
        return fail(ErrorKind::unavailable, "data_dir.inaccessible",
                    "Cannot read " + data_dir.string() + ": " + error.message());
    }
    std::ranges::sort(files);
    return files;
}

// A backup under way holds this; it is no part of it.
constexpr auto target_lock = "lock";

Error cannot_write(const fs::path& directory, const std::error_code& error) {
    return Error(ErrorKind::unavailable, "file.not_written",
                 "Cannot write to " + directory.string() + ": " + error.message());
}

// The directory of one backup, which nobody else writes to meanwhile. What this run put there goes with it unless
// left; a directory that is refused is left as it was.
class Target {
  public:
    static Result<Target> claim(const fs::path& directory) {
        std::error_code error;
        const bool made = fs::create_directories(directory, error);
        if (error) return fail(cannot_write(directory, error));
        if (auto empty = check_empty(directory); !empty) return fail(std::move(empty).error());
        auto lock = sqlite::DataDirLock::acquire((directory / target_lock).string());
        if (!lock) return fail(std::move(lock).error());
        Target target(directory, made, *std::move(lock));
        // Once more: another backup may have ended between.
        if (auto empty = check_empty(directory); !empty) {
            target.leave();
            return fail(std::move(empty).error());
        }
        fs::permissions(directory, fs::perms::owner_all, error);
        if (error) return fail(cannot_write(directory, error));
        return target;
    }
    Target(Target&& other) noexcept
        : directory_(std::exchange(other.directory_, {})), made_(other.made_), lock_(std::move(other.lock_)) {}
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;
    Target& operator=(Target&&) = delete;
    ~Target() {
        if (directory_.empty()) return;
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(directory_, ignored)) fs::remove(entry.path(), ignored);
        if (made_) fs::remove(directory_, ignored);
    }

    // Takes the lock away, and nothing else.
    void leave() {
        std::error_code ignored;
        fs::remove(std::exchange(directory_, {}) / target_lock, ignored);
    }

  private:
    Target(fs::path directory, bool made, sqlite::DataDirLock lock)
        : directory_(std::move(directory)), made_(made), lock_(std::move(lock)) {}

    static Result<void> check_empty(const fs::path& directory) {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(directory, error)) {
            if (entry.path().filename() == target_lock) continue;
            return fail(ErrorKind::conflict, "backup.target_not_empty",
                        directory.string() + " is not empty; a backup needs a directory of its own");
        }
        if (error) return fail(cannot_write(directory, error));
        return {};
    }

    fs::path directory_;  // empty: nothing is to be taken away
    bool made_;
    sqlite::DataDirLock lock_;
};

Result<void> check_room(const BackupPlace& place, const fs::path& directory) {
    std::uintmax_t needed = 0;
    for (const auto& [name, file] : databases_of(place)) {
        for (const auto* beside : {"", "-wal"}) {
            std::error_code missing;
            const auto bytes = fs::file_size(file.string() + beside, missing);
            if (!missing) needed += bytes;
        }
    }
    std::error_code unknown;
    const auto room = fs::space(directory, unknown);
    if (unknown || room.available >= needed) return {};
    return fail(ErrorKind::unavailable, "backup.no_room",
                directory.string() + " has room for " + std::to_string(room.available) + " bytes, up to " +
                    std::to_string(needed) + " are needed");
}

class Copying {
  public:
    Copying(fs::path directory, const Clock& clock, const std::function<void(const std::string&)>& tell)
        : directory_(std::move(directory)), clock_(clock), tell_(tell) {}

    Result<void> small(const fs::path& file) {
        const auto name = file.filename().string();
        const auto copied = copy_durably(file, directory_ / name);
        if (!copied) return fail(copied.error());
        manifest_.parts.push_back({.name = name, .bytes = copied->bytes, .sha256 = copied->sha256});
        return {};
    }

    Result<void> database(Source& source) {
        tell_("copying " + source.database.path());
        const auto version = source.database.schema_version();
        if (!version) return fail(version.error());
        const auto until = clock_.now() + copy_time_max;
        const auto to = directory_ / source.name;
        auto copied = source.database.copy_to(to.string(), {.go_on = [&](int, int) { return clock_.now() < until; }});
        source.database.thaw();
        if (!copied && copied.error().code() == "sqlite.copy_ended") {
            return fail(ErrorKind::unavailable, "backup.too_slow",
                        "copying " + source.database.path() + " took more than two hours");
        }
        if (!copied) return copied;
        const auto digest = digest_of(to);
        if (!digest) return fail(digest.error());
        manifest_.parts.push_back(
            {.name = source.name, .bytes = digest->bytes, .sha256 = digest->sha256, .schema_version = *version});
        return {};
    }

    Manifest& manifest() { return manifest_; }

  private:
    fs::path directory_;
    const Clock& clock_;
    const std::function<void(const std::string&)>& tell_;
    Manifest manifest_;
};

Result<Manifest> copy_all(const BackupPlace& place, const fs::path& directory, const std::string& program_version,
                          const Clock& clock, const std::function<void(const std::string&)>& tell) {
    auto sources = open_sources(place);
    if (!sources) return fail(std::move(sources).error());
    const auto files = small_files(place.data_dir, tell);
    if (!files) return fail(files.error());
    const auto is_secrets = [](const fs::path& file) { return file.filename() == secrets_part; };
    if (std::ranges::none_of(*files, is_secrets)) {
        return fail(ErrorKind::not_found, "backup.no_installation",
                    (place.data_dir / secrets_part).string() + " is not there: start the program on it once");
    }
    if (auto room = check_room(place, directory); !room) return fail(std::move(room).error());

    std::vector<sqlite::FrozenDatabase*> databases;
    for (auto& source : *sources) databases.push_back(&source.database);
    if (auto frozen = sqlite::freeze_together(databases, clock, clock.now() + freeze_time_max); !frozen) {
        return fail(std::move(frozen).error());
    }
    Copying copying(directory, clock, tell);
    copying.manifest() = {.program_version = program_version,
                          .made_at = clock.wall(),
                          .has_store = !place.files.store.is_postgres(),
                          .has_ledger = place.files.payments.has_value()};
    for (const auto& file : *files) {
        if (auto copied = copying.small(file); !copied) return fail(std::move(copied).error());
    }
    for (auto& source : *sources) {
        if (auto copied = copying.database(source); !copied) return fail(std::move(copied).error());
    }
    if (auto synced = sync_directory(directory); !synced) return fail(std::move(synced).error());
    if (auto written = write_manifest(directory, copying.manifest()); !written) return fail(std::move(written).error());
    return std::move(copying.manifest());
}

}  // namespace

Result<Manifest> make_backup(const BackupPlace& place, const fs::path& directory, const std::string& program_version,
                             const Clock& clock, const std::function<void(const std::string&)>& tell) {
    auto target = Target::claim(directory);
    if (!target) return fail(std::move(target).error());
    auto made = copy_all(place, directory, program_version, clock, tell);
    if (made) target->leave();
    return made;
}

}  // namespace orderflow
