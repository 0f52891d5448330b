#include "orderflow/load/load_arguments.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "orderflow/command_line.hpp"

namespace orderflow::load {
namespace {

using std::chrono::milliseconds;

constexpr auto duration_default = 10s;
constexpr std::uint64_t rate_max = 1'000'000;
constexpr std::size_t connections_max = 10'000;
constexpr std::size_t trackers_max = 1000;

// As written, before it is understood.
struct Words {
    std::string url = "http://127.0.0.1:8080";
    std::string path;
    std::string mix = "default";
    std::string duration;
    std::string settle;
    std::vector<std::string> metrics;
    std::string timeout = "10s";
    std::uint64_t rate = 0;
};

// Turns an Error into CLI11's own, with the option that it is about.
template <class T>
T checked(std::string_view option, Result<T> result) {
    if (!result) throw CLI::ValidationError(std::string(option), result.error().detail());
    return *std::move(result);
}

void declare_load(CLI::App& app, Words& words, LoadOptions& options) {
    app.add_option("--url", words.url, "server, with or without the path")->capture_default_str();
    app.add_option("--path", words.path, "of the orders: /order or /v1/orders [/order]");
    app.add_option("--rate", words.rate,
                   "requests per second, on a schedule that waits for nobody [as fast as possible]")
        ->check(CLI::Range(std::uint64_t{1}, rate_max));
    app.add_option("--duration", words.duration, "of the sending: 500ms, 10s, 2m [10s, with --orders: no limit]");
    app.add_option("--orders", options.orders, "new orders at most")->check(CLI::PositiveNumber);
    app.add_option("--connections", options.connections, "kept open, each with one request at a time")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1}, connections_max));
    app.add_option("--timeout", words.timeout, "later answers count as unknown outcomes")->capture_default_str();
}

void declare_orders(CLI::App& app, Words& words, LoadOptions& options) {
    app.add_option("--seed", options.seed, "the same seed makes the same orders with the same keys [random]");
    app.add_option("--mix", words.mix, "what else than plain orders, see below")->capture_default_str();
    app.add_option("--sku", options.skus, "what may be ordered: A,B [what the server says it has plenty of]")
        ->delimiter(',');
    app.add_option_function<std::string>(
        "--flash-sale", [&options](const std::string& sku) { options.flash_sale = sku; },
        "every order is one piece of this SKU");
}

void declare_outcome(CLI::App& app, Words& words, LoadArguments& arguments) {
    auto& options = arguments.options;
    app.add_option("--ledger", options.ledger, "appends every attempt with its outcome, for `orderflow audit`")
        ->type_name("FILE");
    app.add_option("--settle", words.settle, "afterwards waits until everything is settled, for so long [60s]")
        ->expected(0, 1)
        ->default_str("60s");
    app.add_option(
           "--metrics", words.metrics,
           "where else counters are told, for --settle: of worker and queue when services run apart; repeatable")
        ->type_name("URL");
    app.add_option("--followers", options.trackers, "orders followed at a time from their 202 to their end")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{0}, trackers_max));
    app.add_flag("--keep-going", options.keep_going, "also while nobody listens; unanswered requests are no failure");
    app.add_flag("--json", arguments.json, "one line of JSON on stdout at the end, for programs");
    app.footer(mix_help() + "\nExit: 0 all went as it should, 1 it did not, 2 wrong command line.");
}

MetricsPage page_at(Target target) {
    MetricsPage page{.server = std::move(target.server), .host = std::move(target.host)};
    if (!target.path.empty()) page.path = std::move(target.path);
    return page;
}

void understand(const Words& words, LoadOptions& options) {
    auto target = checked("--url", parse_url(words.url));
    options.server = std::move(target.server);
    options.host = std::move(target.host);
    if (!words.path.empty()) target.path = words.path;
    if (!target.path.empty()) options.path = std::move(target.path);
    options.mix = checked("--mix", parse_mix(words.mix));
    options.answer_within = checked("--timeout", parse_duration(words.timeout));
    if (words.rate != 0) options.rate = words.rate;
    if (!words.duration.empty()) {
        options.duration = checked("--duration", parse_duration(words.duration));
    } else if (options.orders == 0) {
        options.duration = duration_default;
    }
    for (const auto& url : words.metrics) options.more_metrics.push_back(page_at(checked("--metrics", parse_url(url))));
    if (!words.settle.empty()) options.settle_within = checked("--settle", parse_duration(words.settle));
    if (options.flash_sale && options.skus.empty()) options.skus.push_back(*options.flash_sale);
}

}  // namespace

std::expected<LoadArguments, int> read_load_arguments(std::span<const char* const> words, std::uint64_t new_seed) {
    LoadArguments arguments;
    arguments.options.seed = new_seed;
    Words written;
    CLI::App app{"Sends orders to a server, open loop or as fast as it answers, and says what became of them."};
    declare_load(app, written, arguments.options);
    declare_orders(app, written, arguments.options);
    declare_outcome(app, written, arguments);
    app.callback([&] { understand(written, arguments.options); });
    if (const auto ended = parse_command_line(app, "orderflow load", words)) return std::unexpected(*ended);
    return arguments;
}

Result<milliseconds> parse_duration(std::string_view text) {
    struct Unit {
        std::string_view name;
        milliseconds length;
    };
    static constexpr std::array<Unit, 4> units{{{"ms", 1ms}, {"s", 1s}, {"m", 1min}, {"h", 1h}}};
    constexpr std::uint32_t number_max = 1'000'000;
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const std::string_view unit(end, text.data() + text.size());
    for (const auto& [name, length] : units) {
        if (error == std::errc() && unit == name && number > 0 && number <= number_max) return number * length;
    }
    return fail(ErrorKind::invalid_input, "load.duration",
                "'" + std::string(text) + "' is no duration such as 500ms, 10s or 2m");
}

Result<Target> parse_url(std::string_view text) {
    constexpr std::string_view scheme = "http://";
    const auto wrong = [&](const std::string& why) {
        return fail(ErrorKind::invalid_input, "load.url", "'" + std::string(text) + "': " + why);
    };
    if (!text.starts_with(scheme)) return wrong("it must begin with http://");
    auto rest = text.substr(scheme.size());
    Target target;
    if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
        if (rest.size() > slash + 1) target.path = rest.substr(slash);
        rest = rest.substr(0, slash);
    }
    target.host = rest;
    const bool has_port = rest.find(':', rest.starts_with('[') ? rest.find(']') : 0) != std::string_view::npos;
    auto server = net::ListenAddress::parse(has_port ? target.host : target.host + ":80");
    if (!server) return wrong(server.error().detail());
    target.server = *std::move(server);
    return target;
}

}  // namespace orderflow::load
