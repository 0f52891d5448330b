#include "orderflow/import/import_command.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>

#include "libs/contract/product_file.hpp"
#include "libs/crypto/hex.hpp"
#include "libs/net/runtime.hpp"
#include "orderflow/command_line.hpp"
#include "orderflow/import/product_import.hpp"
#include "programs/fatal.hpp"
#include "programs/process.hpp"

namespace orderflow {
namespace {

constexpr const char* name = "orderflow import-products";
constexpr const char* token_variable = "ORDERFLOW_ADMIN_TOKEN";
constexpr int exit_rows_refused = 3;
constexpr std::size_t file_bytes_max = 256 * 1024 * 1024;  // it is held in memory

struct Arguments {
    std::string file;
    std::string api = "http://127.0.0.1:8080";
    std::string token;
    std::string by;
    std::string reason;
    std::int64_t wait = 300;
    bool dry_run = false;
};

void declare(CLI::App& app, Arguments& arguments) {
    constexpr std::int64_t wait_max = 86'400;
    app.add_option("FILE", arguments.file, "the products: .csv, or a product a line as JSON in .ndjson or .jsonl")
        ->required();
    app.add_option("--api", arguments.api, "address of the shop")->type_name("URL")->capture_default_str();
    app.add_option("--token", arguments.token,
                   "of an operator [ORDERFLOW_ADMIN_TOKEN, which other users of the machine cannot see]");
    app.add_option("--by", arguments.by, "who asks, for the audit record")->type_name("NAME");
    app.add_option("--reason", arguments.reason, "why, for the audit record")->type_name("TEXT");
    app.add_option("--wait", arguments.wait, "seconds to wait for the worker [300]")
        ->check(CLI::Range(std::int64_t{1}, wait_max));
    app.add_flag("--dry-run", arguments.dry_run, "says what would change, line by line, and changes nothing");
}

Result<contract::ProductFileFormat> format_of(const std::filesystem::path& file) {
    const auto extension = file.extension().string();
    if (extension == ".csv") return contract::ProductFileFormat::csv;
    if (extension == ".ndjson" || extension == ".jsonl") return contract::ProductFileFormat::ndjson;
    return fail(ErrorKind::invalid_input, "import.unknown_format",
                file.string() + ": the name of a file of products ends with .csv, .ndjson or .jsonl");
}

Result<std::string> content_of(const std::filesystem::path& file) {
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    const int opened = errno;
    std::error_code failure;
    const auto bytes = std::filesystem::file_size(file, failure);
    if (!failure && bytes > file_bytes_max) {
        return fail(ErrorKind::invalid_input, "import.too_large",
                    file.string() + ": a file may have " + std::to_string(file_bytes_max) +
                        " bytes. Import its lines in several files, each with the header");
    }
    std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (failure || !in.is_open() || in.bad()) {
        const auto why = failure ? failure.message() : std::string(std::strerror(opened));
        return fail(ErrorKind::invalid_input, "import.unreadable", file.string() + " cannot be read: " + why);
    }
    return content;
}

std::string new_key(Entropy& entropy) {
    std::array<std::byte, 16> bytes{};
    entropy.fill(bytes);
    return "import-" + crypto::to_hex(bytes);
}

Result<ImportJob> job_of(const Arguments& arguments, const Environment& environment, Entropy& entropy) {
    auto url = net::Url::parse(arguments.api);
    if (!url) return fail(ErrorKind::invalid_input, "import.no_url", "--api " + arguments.api + " is no http(s) URL");
    const auto format = format_of(arguments.file);
    if (!format) return fail(format.error());
    auto content = content_of(arguments.file);
    if (!content) return fail(std::move(content).error());
    auto pieces = in_pieces(*content, *format);
    if (!pieces) return fail(std::move(pieces).error());
    ImportJob job;
    job.api = *std::move(url);
    job.token = arguments.token;
    if (const auto set = environment.find(token_variable); job.token.empty() && set != environment.end()) {
        job.token = set->second;
    }
    job.format = *format;
    job.pieces = *std::move(pieces);
    job.key = new_key(entropy);
    job.by = arguments.by;
    job.reason = arguments.reason;
    job.dry_run = arguments.dry_run;
    job.wait = std::chrono::seconds(arguments.wait);
    return job;
}

// All outlive it: the caller waits for `done`.
task<void> run_on_loop(ProductImport& importing, std::promise<Result<ImportReport>>& done) {
    done.set_value(co_await importing.run());
}

Result<ImportReport> run(ImportJob job, const Environment& environment, const Clock& clock) {
    net::HttpPoolSettings settings;
    auto proxies = net::ProxySettings::from(environment);
    if (!proxies) return fail(std::move(proxies).error());
    settings.proxies = *std::move(proxies);
    net::Runtime loop(clock, 1, "import");
    auto pool = net::HttpPool::create({loop.loop(), loop.executor(), clock}, std::move(settings));
    if (!pool) return fail(std::move(pool).error());
    const ProductImport::Tell tell = [](const std::string& progress) {
        std::fprintf(stderr, "%s: %s\n", name, progress.c_str());
    };
    const ProductImport::Ask ask = [&pool](net::ClientRequest request, Instant deadline) {
        return (*pool)->ask(std::move(request), deadline);
    };
    ProductImport importing(std::move(job), ask, tell, loop.executor(), clock);
    std::promise<Result<ImportReport>> done;
    loop.start();
    loop.spawn(run_on_loop(importing, done));
    auto report = done.get_future().get();
    loop.stop();
    (*pool)->close_idle();
    return report;
}

}  // namespace

int run_import_products(std::span<const char* const> words, const Environment& environment, const Clock& clock,
                        Entropy& entropy) {
    Arguments arguments;
    CLI::App app{
        "Brings a file of products to a shop: new products are added, those that are there take the row's name, "
        "prices\n"
        "and stock. A file that comes again changes nothing. Exit code 0: every row was taken; 3: rows were refused."};
    declare(app, arguments);
    if (const auto ended = parse_command_line(app, name, words)) return *ended;
    auto job = job_of(arguments, environment, entropy);
    if (!job) {
        report_failure(name, job.error());
        return exit_bad_usage;
    }
    const auto report = run(*std::move(job), environment, clock);
    if (!report) return report_failure(name, report.error());
    for (const auto& line : report->lines) std::printf("%s\n", line.c_str());
    return report->all_taken ? 0 : exit_rows_refused;
}

}  // namespace orderflow
