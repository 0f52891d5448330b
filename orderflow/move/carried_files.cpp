#include "orderflow/move/carried_files.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

#include "libs/base/durable_file.hpp"
#include "libs/sqlite/frozen_database.hpp"
#include "orderflow/backup/durable_copy.hpp"
#include "orderflow/backup/part_names.hpp"

namespace orderflow {
namespace {

namespace fs = std::filesystem;

// Of the machine that is left.
constexpr std::array<std::string_view, 16> settings_of_this_machine{"ORDERFLOW_API_KEYS_FILE",
                                                                    "ORDERFLOW_ARCHIVE_DIR",
                                                                    "ORDERFLOW_BIN",
                                                                    "ORDERFLOW_DATABASE_AUTH",
                                                                    "ORDERFLOW_DATA_DIR",
                                                                    "ORDERFLOW_LISTEN",
                                                                    "ORDERFLOW_PROXY_HOPS",
                                                                    "ORDERFLOW_QUEUE_URL",
                                                                    "ORDERFLOW_COMMANDS_QUEUE_URL",
                                                                    "ORDERFLOW_DEAD_LETTERS_QUEUE_URL",
                                                                    "ORDERFLOW_SQS_COOLDOWNS",
                                                                    "ORDERFLOW_SQS_LISTEN",
                                                                    "ORDERFLOW_SQS_QUEUES",
                                                                    "ORDERFLOW_TRUSTED_PROXIES",
                                                                    "ORDERFLOW_WORKER",
                                                                    "ORDERFLOW_WORKER_LISTEN"};

bool travels(std::string_view name) {
    return name.starts_with("ORDERFLOW_") && !name.starts_with("ORDERFLOW_SQS_") &&
           std::ranges::find(settings_of_this_machine, name) == settings_of_this_machine.end();
}

std::unexpected<Error> not_made(const fs::path& what, const std::error_code& error) {
    return fail(ErrorKind::unavailable, "file.not_written", "Cannot make " + what.string() + ": " + error.message());
}

// The state of the file as of now; nobody writes it.
Result<void> copy_database(const fs::path& from, const fs::path& to) {
    auto database = sqlite::FrozenDatabase::open(from.string());
    if (!database) return fail(std::move(database).error());
    if (auto frozen = database->freeze(); !frozen) return frozen;
    return database->copy_to(to.string());
}

Result<void> fill(const fs::path& directory, const fs::path& data_dir, const DataFiles& files,
                  const std::string& settings) {
    for (const auto& name : files_that_travel(data_dir)) {
        if (const auto copied = copy_durably(data_dir / name, directory / name); !copied) return fail(copied.error());
    }
    std::error_code unreadable;
    if (files.payments && fs::exists(*files.payments, unreadable)) {
        if (auto copied = copy_database(*files.payments, directory / ledger_part); !copied) return copied;
    }
    return write_durably(directory / settings_file, settings);
}

}  // namespace

std::string settings_of_services(const Environment& now, const QueueUrls& queues) {
    auto text = "ORDERFLOW_QUEUE_URL=" + queues.orders + "\nORDERFLOW_COMMANDS_QUEUE_URL=" + queues.commands +
                "\nORDERFLOW_DEAD_LETTERS_QUEUE_URL=" + queues.dead_letters + "\n";
    for (const auto& [name, value] : now) {
        if (travels(name) && !value.contains('\n')) text += name + "=" + value + "\n";
    }
    return text;
}

std::vector<std::string> files_that_travel(const fs::path& data_dir) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(data_dir, error)) {
        std::error_code gone;
        const auto name = entry.path().filename().string();
        // Seals and the mark of the move say something of the old directory alone.
        if (entry.is_regular_file(gone) && is_kept_small_file(name) && !is_seal(name) && name != "moved") {
            names.push_back(name);
        }
    }
    std::ranges::sort(names);
    return names;
}

Error carry_exists(const fs::path& directory) {
    return Error(ErrorKind::conflict, "move.carry_exists",
                 directory.string() + " is there already: name a new directory");
}

Result<void> carry_files(const fs::path& directory, const fs::path& data_dir, const DataFiles& files,
                         const std::string& settings) {
    std::error_code error;
    if (fs::exists(directory, error)) return fail(carry_exists(directory));
    auto beside = directory;
    beside += ".new";  // an earlier move may have been cut off in it
    fs::remove_all(beside, error);
    if (!fs::create_directories(beside, error) || error) return not_made(beside, error);
    fs::permissions(beside, fs::perms::owner_all, error);
    if (error) return not_made(beside, error);
    if (auto filled = fill(beside, data_dir, files, settings); !filled) return filled;
    if (auto synced = sync_directory(beside); !synced) return synced;
    fs::rename(beside, directory, error);
    if (error) return not_made(directory, error);
    const auto parent = fs::absolute(directory).parent_path();
    return sync_directory(parent);
}

}  // namespace orderflow
