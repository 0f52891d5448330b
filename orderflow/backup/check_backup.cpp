#include <fmt/format.h>

#include "libs/audit/check.hpp"
#include "libs/payments/payment_ledger.hpp"
#include "orderflow/audit/installation_snapshot.hpp"
#include "orderflow/backup/durable_copy.hpp"
#include "orderflow/backup/installation_backup.hpp"
#include "orderflow/backup/part_names.hpp"
#include "queue-service/journal/journal_scan.hpp"

namespace orderflow {
namespace {

namespace fs = std::filesystem;

Result<void> check_part(const fs::path& directory, const BackupPart& part) {
    const auto digest = digest_of(directory / part.name);
    if (!digest && digest.error().kind() == ErrorKind::not_found) {
        return fail(ErrorKind::not_found, "backup.missing_file",
                    (directory / part.name).string() + " is not there, and the manifest names it");
    }
    if (!digest) return fail(digest.error());
    if (digest->bytes == part.bytes && digest->sha256 == part.sha256) return {};
    return fail(ErrorKind::internal, "backup.damaged",
                fmt::format("{} is not what was written: {} bytes with SHA-256 {}, not {} with {}",
                            (directory / part.name).string(), digest->bytes, digest->sha256, part.bytes, part.sha256));
}

Result<void> check_names(const Manifest& manifest) {
    std::vector<const char*> wanted{journal_part, secrets_part};
    if (manifest.has_store) wanted.push_back(store_part);
    if (manifest.has_ledger) wanted.push_back(ledger_part);
    for (const auto* name : wanted) {
        if (manifest.find(name) == nullptr) {
            return fail(ErrorKind::invalid_input, "backup.manifest", "the manifest does not name " + std::string(name));
        }
    }
    return {};
}

std::unexpected<Error> not_sound(const audit::Report& report) {
    std::string first;
    for (std::size_t i = 0; i < audit::finding_kinds && first.empty(); ++i) {
        const auto kind = static_cast<audit::FindingKind>(i);
        if (report.count(kind) == 0) continue;
        const auto& place = report.places(kind).front();
        first = fmt::format("{}: {} {}", to_string(kind), place.subject, place.what);
    }
    return fail(ErrorKind::internal, "backup.not_sound", "the files do not fit together, for one: " + first);
}

Result<void> judge(const DataFiles& files, const Clock& clock, CheckedBackup& checked) {
    const auto snapshot = read_snapshot(files, clock);
    if (!snapshot) return fail(snapshot.error());
    for (const auto& queue : snapshot->queues) checked.waiting += queue.visible + queue.in_flight + queue.delayed;
    const auto report =
        audit::check({}, *snapshot, {.quiescent = checked.waiting == 0, .at_rest = true, .complete = false});
    checked.seen = report.seen;
    return report.ok() ? Result<void>() : not_sound(report);
}

// The orders are in PostgreSQL: each file can be read, and that is all that can be told.
Result<void> read_parts(const DataFiles& files, WallTime now, CheckedBackup& checked) {
    const auto queues = queue::scan_journal(files.journal.string(), now, [](std::size_t, const queue::Message&) {});
    if (!queues) return fail(queues.error());
    for (const auto& queue : *queues) checked.waiting += queue.visible + queue.in_flight + queue.delayed;
    if (!files.payments) return {};
    return payments::scan_ledger(files.payments->string(), [](const payments::ProviderEffect&) {});
}

}  // namespace

Result<CheckedBackup> check_backup(const fs::path& directory, const Clock& clock) {
    auto manifest = read_manifest(directory);
    if (!manifest) return fail(std::move(manifest).error());
    CheckedBackup checked{.manifest = *std::move(manifest), .seen = {}};
    if (auto named = check_names(checked.manifest); !named) return fail(std::move(named).error());
    for (const auto& part : checked.manifest.parts) {
        if (auto whole = check_part(directory, part); !whole) return fail(std::move(whole).error());
    }
    DataFiles files{.lock = {}, .journal = directory / journal_part, .store = {}, .payments = {}};
    if (checked.manifest.has_ledger) files.payments = directory / ledger_part;
    files.store.file = directory / store_part;
    auto judged = checked.manifest.has_store ? judge(files, clock, checked) : read_parts(files, clock.wall(), checked);
    if (!judged && judged.error().code() == "sqlite.older_version") {
        return fail(judged.error().kind(), judged.error().code(),
                    "the backup was made by orderflow " + checked.manifest.program_version +
                        ", whose files are older: restore it with that version, then start this one on it");
    }
    if (!judged) return fail(std::move(judged).error());
    return checked;
}

}  // namespace orderflow
