#include "orderflow/export/export_command.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <future>
#include <memory>

#include "libs/base/thread_executor.hpp"
#include "libs/contract/timestamp.hpp"
#include "libs/net/runtime.hpp"
#include "orderflow/command_line.hpp"
#include "orderflow/config.hpp"
#include "orderflow/export/order_export.hpp"
#include "orderflow/export/whole_file.hpp"
#include "orderflow/log_at_rest.hpp"
#include "programs/fatal.hpp"
#include "programs/order_storage.hpp"
#include "programs/process.hpp"

namespace orderflow {
namespace {

constexpr const char* name = "orderflow export";
constexpr std::uint64_t tell_every = 10'000;  // orders

struct Arguments {
    std::string from;
    std::string to;
    std::int64_t after = 0;
    std::string out;
    std::string data;
};

// What is wrong with it, or nothing.
std::string number_rule(const std::string& text) {
    std::int64_t number = -1;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec == std::errc() && read.ptr == end && number >= 0) return {};
    return "'" + text + "' is no order number: 0, 1, 2 and so on";
}

void declare(CLI::App& app, Arguments& arguments) {
    app.add_option("--from", arguments.from, "only orders accepted at this time (UTC) or later")
        ->type_name("2026-01-31[T09:00:00.000Z]");
    app.add_option("--to", arguments.to, "only orders accepted before this time")->type_name("2026-02-28[T...Z]");
    app.add_option("--after", arguments.after, "only orders with a higher number: goes on where an export ended")
        ->check(number_rule)
        ->type_name("NUMBER");
    app.add_option("--out", arguments.out, "a new file, mode 0600, that is there when it is whole [stdout]")
        ->type_name("FILE");
    app.add_option("--data", arguments.data, "data directory [ORDERFLOW_DATA_DIR or ./data]")->type_name("DIR");
}

const char* orders_of(const ExportProgress& progress) { return progress.orders == 1 ? "order" : "orders"; }

// False for a text that is no time.
bool read_time(const std::string& text, std::optional<WallTime>& into) {
    if (text.empty()) return true;
    constexpr std::size_t date_length = 10;
    into = contract::parse_timestamp(text.size() == date_length ? text + "T00:00:00.000Z" : text);
    return into.has_value();
}

bool write_all(int to, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(to, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            std::fprintf(stderr, "%s: %s\n", name, std::strerror(errno));
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// All outlive it: the caller waits for `done`.
task<void> export_on_loop(OrderReading& reading, const ExportRange& range, const WriteLines& write,
                          const std::function<void(const ExportProgress&)>& tell, ExportProgress& progress,
                          std::promise<Result<void>>& done) {
    done.set_value(co_await export_orders(*reading.oldest, *reading.reader, range, write, tell, progress));
}

Result<void> export_to(int out, const StoreLocation& location, const ExportRange& range, const Clock& clock,
                       ExportProgress& progress) {
    if (!location.is_postgres()) {
        if (auto intact = check_log_at_rest(location.file); !intact) return fail_about(intact.error(), location.file);
    }
    ThreadExecutor thread(clock, "export-store");
    auto reading = open_order_reading(thread, clock, location, nullptr);
    if (!reading) return fail(std::move(reading).error());
    std::uint64_t told = 0;
    const std::function<void(const ExportProgress&)> tell = [&told](const ExportProgress& so_far) {
        if (so_far.orders < told + tell_every) return;
        told = so_far.orders;
        std::fprintf(stderr, "%s: %llu %s, through number %lld\n", name, static_cast<unsigned long long>(so_far.orders),
                     orders_of(so_far), static_cast<long long>(so_far.through));
    };
    const WriteLines write = [out](std::string_view lines) { return write_all(out, lines); };
    net::Runtime loop(clock, 1, "export");
    loop.start();
    std::promise<Result<void>> done;
    loop.spawn(export_on_loop(*reading, range, write, tell, progress, done));
    auto exported = done.get_future().get();
    loop.stop();
    thread.stop();
    return exported;
}

int tell_end(const ExportProgress& progress, const Result<void>& exported, const char* when_failed) {
    std::fprintf(stderr, "%s: %llu %s, through number %lld%s\n", name, static_cast<unsigned long long>(progress.orders),
                 orders_of(progress), static_cast<long long>(progress.through), exported ? "" : when_failed);
    return exported ? 0 : report_failure(name, exported.error());
}

int export_to_stdout(const StoreLocation& location, const ExportRange& range, const Clock& clock) {
    ExportProgress progress;
    const auto exported = export_to(STDOUT_FILENO, location, range, clock, progress);
    return tell_end(progress, exported, "; what follows it may be cut off: go on with --after and that number");
}

int export_to_file(const std::string& path, const StoreLocation& location, const ExportRange& range,
                   const Clock& clock) {
    auto file = WholeFile::begin(path);
    if (!file) return report_failure(name, file.error());
    ExportProgress progress;
    auto exported = export_to(file->descriptor(), location, range, clock, progress);
    if (exported) exported = file->publish();
    return tell_end(progress, exported, "; nothing is kept of it");
}

}  // namespace

int run_export(std::span<const char* const> words, Environment environment, const Clock& clock) {
    Arguments arguments;
    CLI::App app{
        "Writes every order with its events and postings as one line of JSON (docs/formats/export.md), oldest first.\n"
        "Reads only, also beside the running programs; takes the memory of some hundred orders."};
    declare(app, arguments);
    if (const auto ended = parse_command_line(app, name, words)) return *ended;
    ExportRange range{.after = arguments.after};
    if (!read_time(arguments.from, range.from) || !read_time(arguments.to, range.to)) {
        std::fprintf(stderr, "%s: a time is written 2026-01-31 or 2026-01-31T09:00:00.000Z, in UTC\n", name);
        return exit_bad_usage;
    }
    if (range.from && range.to && *range.from >= *range.to) {
        std::fprintf(stderr, "%s: --from %s is not before --to %s: no order can be meant\n", name,
                     arguments.from.c_str(), arguments.to.c_str());
        return exit_bad_usage;
    }
    if (!arguments.data.empty()) environment["ORDERFLOW_DATA_DIR"] = arguments.data;
    const auto config = read_config(environment);
    if (!config) return report_settings(name, config.error());
    if (arguments.out.empty()) return export_to_stdout(config->store, range, clock);
    return export_to_file(arguments.out, config->store, range, clock);
}

}  // namespace orderflow
