#include "orderflow/backup/backup_command.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "libs/contract/timestamp.hpp"
#include "orderflow/backup/installation_backup.hpp"
#include "orderflow/command_line.hpp"
#include "orderflow/config.hpp"
#include "programs/fatal.hpp"
#include "programs/process.hpp"

namespace orderflow {
namespace {

constexpr const char* backup_name = "orderflow backup";
constexpr const char* restore_name = "orderflow restore";

struct Arguments {
    std::string directory;
    std::string data;
    bool check = false;
};

void declare(CLI::App& app, Arguments& arguments) {
    app.add_option("directory", arguments.directory, "of the backup")->required()->type_name("DIR");
    app.add_option("--data", arguments.data, "data directory [ORDERFLOW_DATA_DIR or ./data]")->type_name("DIR");
}

BackupPlace place_of(const Config& config) { return {.data_dir = config.data_dir, .files = data_files(config)}; }

int failed(const char* name, const Error& error) {
    std::fprintf(stderr, "%s: %s (%s)\n", name, error.detail().c_str(), error.code().c_str());
    return exit_failed;
}

std::uint64_t bytes_of(const Manifest& manifest) {
    std::uint64_t bytes = 0;
    for (const auto& part : manifest.parts) bytes += part.bytes;
    return bytes;
}

void print_checked(const char* done, const std::string& directory, const CheckedBackup& checked) {
    std::printf(
        "%s %s: %zu files, %llu bytes, of %s by orderflow %s; %llu orders, %llu of them settled, %llu messages "
        "waiting\n",
        directory.c_str(), done, checked.manifest.parts.size(),
        static_cast<unsigned long long>(bytes_of(checked.manifest)),
        contract::to_timestamp(checked.manifest.made_at).c_str(), checked.manifest.program_version.c_str(),
        static_cast<unsigned long long>(checked.seen.stored), static_cast<unsigned long long>(checked.seen.settled),
        static_cast<unsigned long long>(checked.waiting));
    if (!checked.manifest.has_store) std::printf("Its orders are in PostgreSQL and are not in it.\n");
}

int check(const std::string& directory, const Clock& clock) {
    const auto checked = check_backup(directory, clock);
    if (!checked) return failed(backup_name, checked.error());
    print_checked("is whole and sound", directory, *checked);
    return 0;
}

int make(const std::string& directory, const Config& config, const std::string& program_version, const Clock& clock) {
    const auto made = make_backup(place_of(config), directory, program_version, clock, [](const std::string& line) {
        std::fprintf(stderr, "%s: %s\n", backup_name, line.c_str());
    });
    if (!made) return failed(backup_name, made.error());
    std::printf("%s holds the installation of %s: %zu files, %llu bytes. Check it: %s --check %s\n", directory.c_str(),
                contract::to_timestamp(made->made_at).c_str(), made->parts.size(),
                static_cast<unsigned long long>(bytes_of(*made)), backup_name, directory.c_str());
    if (!made->has_store) {
        std::printf(
            "The orders are in PostgreSQL and are not in it: run pg_dump now, after this backup, or keep the "
            "server's log for a later moment than %s.\n",
            contract::to_timestamp(made->made_at).c_str());
    }
    return 0;
}

}  // namespace

int run_backup(std::span<const char* const> words, Environment environment, const std::string& program_version,
               const Clock& clock) {
    Arguments arguments;
    CLI::App app{
        "Copies queues, orders, payment ledger and secrets as they are at one moment, while the programs run, to a\n"
        "directory of its own. The manifest is written last: a directory without one is no backup. It holds the\n"
        "secrets and personal data: keep it as safe as the data directory."};
    declare(app, arguments);
    app.add_flag("--check", arguments.check, "reads a backup that is there, every byte and every row; writes nothing");
    if (const auto ended = parse_command_line(app, backup_name, words)) return *ended;
    if (arguments.check) return check(arguments.directory, clock);
    if (!arguments.data.empty()) environment["ORDERFLOW_DATA_DIR"] = arguments.data;
    const auto config = read_config(environment);
    if (!config) return report_settings(backup_name, config.error());
    return make(arguments.directory, *config, program_version, clock);
}

int run_restore(std::span<const char* const> words, Environment environment, const Clock& clock) {
    Arguments arguments;
    CLI::App app{
        "Checks a backup as `orderflow backup --check` does and copies it to a data directory that is missing or\n"
        "empty. Start the program on it afterwards, with the settings that the installation had."};
    declare(app, arguments);
    if (const auto ended = parse_command_line(app, restore_name, words)) return *ended;
    if (!arguments.data.empty()) environment["ORDERFLOW_DATA_DIR"] = arguments.data;
    const auto config = read_config(environment);
    if (!config) return report_settings(restore_name, config.error());
    const auto restored = restore_backup(arguments.directory, place_of(*config), clock);
    if (!restored) return failed(restore_name, restored.error());
    print_checked(("is restored to " + config->data_dir.string()).c_str(), arguments.directory, *restored);
    return 0;
}

}  // namespace orderflow
