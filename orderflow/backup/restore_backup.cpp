#include <algorithm>
#include <system_error>

#include "libs/sqlite/data_dir_lock.hpp"
#include "orderflow/backup/durable_copy.hpp"
#include "orderflow/backup/installation_backup.hpp"
#include "orderflow/backup/part_names.hpp"
#include "programs/settings.hpp"

namespace orderflow {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> not_empty(const fs::path& what) {
    return fail(ErrorKind::conflict, "restore.target_not_empty",
                what.string() +
                    " is there: a backup is restored to an empty data directory. Move what is there away, "
                    "or name another one");
}

// The lock that is held meanwhile is no content.
Result<void> check_empty(const BackupPlace& place) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(place.data_dir, error)) {
        if (entry.path().filename() != place.files.lock.filename()) return not_empty(entry.path());
    }
    if (error) {
        return fail(ErrorKind::unavailable, "data_dir.inaccessible",
                    "Cannot read " + place.data_dir.string() + ": " + error.message());
    }
    std::error_code unreadable;
    for (const auto* beside : {"", "-wal"}) {
        const fs::path file = place.files.store.file.string() + beside;
        if (!place.files.store.is_postgres() && fs::exists(file, unreadable)) return not_empty(file);
    }
    return {};
}

Result<void> check_store(const Manifest& manifest, const BackupPlace& place) {
    if (manifest.has_store == !place.files.store.is_postgres()) return {};
    return fail(ErrorKind::conflict, "restore.other_store",
                manifest.has_store ? "the backup holds an order store, and DATABASE_URL names PostgreSQL: unset it"
                                   : "the orders of this backup are in PostgreSQL: name it with DATABASE_URL");
}

fs::path place_of(const BackupPart& part, const BackupPlace& place) {
    return part.name == store_part ? place.files.store.file : place.data_dir / part.name;
}

// Beside, then renamed: a part is whole or not there.
Result<void> put_back(const fs::path& directory, const BackupPart& part, const fs::path& to) {
    auto beside = to;
    beside += ".new";
    const auto copied = copy_durably(directory / part.name, beside);
    if (!copied) return fail(copied.error());
    if (copied->sha256 != part.sha256) {
        return fail(ErrorKind::internal, "backup.damaged",
                    (directory / part.name).string() + " changed while it was restored");
    }
    std::error_code error;
    fs::rename(beside, to, error);
    if (error) {
        return fail(ErrorKind::unavailable, "file.not_written", "Cannot write " + to.string() + ": " + error.message());
    }
    return sync_directory(to.parent_path());
}

}  // namespace

Result<CheckedBackup> restore_backup(const fs::path& directory, const BackupPlace& place, const Clock& clock) {
    auto checked = check_backup(directory, clock);
    if (!checked) return checked;
    if (auto same = check_store(checked->manifest, place); !same) return fail(std::move(same).error());
    std::error_code unreadable;
    const bool there = fs::exists(place.data_dir, unreadable);
    // Before the lock too: nothing is put into a directory that is refused.
    if (auto empty = there ? check_empty(place) : Result<void>(); !empty) return fail(std::move(empty).error());
    if (auto made = make_data_dir(place.data_dir); !made) return fail(std::move(made).error());
    const auto lock = sqlite::DataDirLock::acquire(place.files.lock.string());
    if (!lock) return fail(lock.error());
    if (auto empty = check_empty(place); !empty) return fail(std::move(empty).error());

    auto parts = checked->manifest.parts;
    std::ranges::partition(parts, [](const BackupPart& part) { return is_seal(part.name); });
    for (const auto& part : parts) {
        auto put = put_back(directory, part, place_of(part, place));
        if (put) continue;
        return fail(
            put.error().kind(), put.error().code(),
            put.error().detail() + ". " + place.data_dir.string() + " is not whole: empty it before the next try");
    }
    return checked;
}

}  // namespace orderflow
