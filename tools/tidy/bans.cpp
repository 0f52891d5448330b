#include "tools/tidy/bans.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace orderflow::tidy {
namespace {

// Places are prefixes of paths, separated by spaces; "main" and "tests" stand for every main.cpp and every test.
struct Ban {
    std::string_view call;  // one or more spellings separated by '|'; a trailing '(' demands a call
    std::string_view reason;
    std::string_view replacement;
    std::string_view allowed_in;
};

constexpr std::string_view clock_reason = "time is a parameter, so that a run can be replayed";
constexpr std::string_view clock_replacement = "take an Instant or WallTime, or a Clock& (libs/base/clock.hpp)";
constexpr std::string_view random_replacement = "take an Entropy& (libs/base/entropy.hpp)";
constexpr std::string_view parse_replacement = "std::from_chars, and check both its error and its end";

constexpr auto bans = std::to_array<Ban>({
    {"std::this_thread::sleep_for|std::this_thread::sleep_until|sleep(|usleep(|nanosleep(",
     "a sleeping thread serves nobody and makes tests slow and flaky",
     "co_await sleep_until (libs/async/sleep.hpp), Executor::post_at, or in a test SimLoop::advance", ""},
    {"system_clock::now|steady_clock::now|high_resolution_clock::now|time(|gettimeofday(|clock_gettime(|std::clock(",
     clock_reason, clock_replacement, "libs/base/system_clock.cpp libs/async/asio_executor.cpp tests/e2e bench chaos"},
    {"localtime(|gmtime(|mktime(|strftime(|asctime(|ctime(", "shared buffers and the machine's time zone",
     "std::chrono calendar types on WallTime, always UTC", ""},
    {"rand(|srand(|std::random_device|std::mt19937|std::mt19937_64",
     "randomness is a parameter, so that a run can be replayed from its seed", random_replacement, "tests bench"},
    {"getrandom(|getentropy(|RAND_bytes(", "one source of randomness, replaced in tests", random_replacement,
     "libs/base/system_entropy.cpp libs/crypto"},
    {"std::thread|std::jthread|std::async|pthread_create(",
     "threads are executors that are passed in; the simulation runs the same code on one",
     "take an Executor& (libs/base/executor.hpp); ThreadExecutor owns a thread",
     "libs/base/thread_executor libs/net/runtime bench tests"},
    {"strcpy(|strcat(|sprintf(|vsprintf(|gets(|strncpy(|alloca(", "no bound on what is written",
     "std::string, fmt::format or std::span", ""},
    {"atoi(|atol(|atoll(|atof(|strtol(|strtoll(|strtoul(|strtoull(|strtod(|strtof(|std::stoi|std::stol|std::stoll|"
     "std::stoul|std::stoull|std::stod|std::stof|sscanf(",
     "errors, overflow and trailing text go unseen", parse_replacement, "tests bench"},
    {"std::regex|std::regex_match|std::regex_search", "it recurses over its input and overflows the stack",
     "a parser of a few lines", ""},
    {"assert(", "it disappears in release builds",
     "ORDERFLOW_INVARIANT (libs/base/invariant.hpp) for bugs, Result for input", ""},
    {"system(|popen(", "a shell between the program and its input", "posix_spawn with an argument list", "tests"},
    {"std::cout|std::cerr|std::clog|printf(|puts(|putchar(|std::print|std::println|fmt::print|fmt::println",
     "the log goes through one place, as JSON, without personal data", "libs/observe, or return a Result",
     "main tests tools orderflow fuzz bench"},
    {"getenv(|setenv(|putenv(", "the environment is read once, with all errors reported at once",
     "a field of the configuration, passed in by main.cpp", "main tests orderflow libs/base/safeguard.cpp"},
    {"exit(|quick_exit(", "destructors and the drain are skipped", "return from main, or invariant_failed for a bug",
     "main tests orderflow fuzz"},
    {"std::signal|::signal(", "its behaviour differs between systems",
     "boost::asio::signal_set in main.cpp, or sigaction", "main tests orderflow"},
});

bool in_place(const Source& source, std::string_view places) {
    while (!places.empty()) {
        const auto end = std::min(places.find(' '), places.size());
        const auto place = places.substr(0, end);
        if (place == "main" && source.is_main()) return true;
        if (place == "tests" && source.is_test()) return true;
        if (source.path().starts_with(place)) return true;
        places.remove_prefix(std::min(end + 1, places.size()));
    }
    return false;
}

// `time(` is the C function in `time(nullptr)`, `::time(..)` and `std::time(..)`; not in `order.time()`,
// `Clock::time()` or a declaration `WallTime time()`.
bool names_c_function(const std::vector<Token>& tokens, std::size_t at) {
    if (at == 0) return true;
    const auto before = tokens[at - 1].text;
    if (before == "." || before == "->") return false;
    if (before == "::")
        return at == 1 || !is_identifier(tokens[at - 2].text) || tokens[at - 2].text == "std" ||
               tokens[at - 2].text == "return";
    const bool after_type = is_identifier(before) || before == ">" || before == "*" || before == "&";
    return !after_type || before == "return" || before == "co_return" || before == "else" || before == "case";
}

bool spelled_at(const std::vector<Token>& tokens, std::size_t at, const std::vector<Token>& spelling) {
    if (at + spelling.size() > tokens.size()) return false;
    for (std::size_t i = 0; i < spelling.size(); ++i) {
        if (tokens[at + i].text != spelling[i].text) return false;
    }
    const bool one_name = spelling.size() == 2 && spelling.back().text == "(";
    return !one_name || names_c_function(tokens, at);
}

void check_ban(const Source& source, const Ban& ban, Findings& found) {
    auto rest = ban.call;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('|'), rest.size());
        const auto spelling = tokenize(rest.substr(0, end));
        for (std::size_t at = 0; at < source.tokens().size(); ++at) {
            if (!spelled_at(source.tokens(), at, spelling)) continue;
            auto name = rest.substr(0, end);
            if (name.ends_with('(')) name.remove_suffix(1);
            found.push_back({source.path(), source.tokens()[at].line, "banned-call",
                             fmt::format("{}: {}", name, ban.reason), std::string(ban.replacement)});
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

// `using namespace std::chrono_literals` brings only suffixes and is no danger.
void check_using_namespace(const Source& source, Findings& found) {
    const auto& tokens = source.tokens();
    for (std::size_t at = 0; at + 1 < tokens.size(); ++at) {
        if (tokens[at].text != "using" || tokens[at + 1].text != "namespace") continue;
        auto last = at + 2;
        while (last + 1 < tokens.size() && tokens[last + 1].text != ";") ++last;
        if (last < tokens.size() && tokens[last].text.ends_with("literals")) continue;
        found.push_back({source.path(), tokens[at].line, "using-namespace",
                         "a header decides about names in every file that includes it",
                         "write the namespace, or `using` one name inside a function"});
    }
}

void check_floating_point(const Source& source, Findings& found) {
    for (const auto& token : source.tokens()) {
        if (token.text != "double" && token.text != "float") continue;
        found.push_back({source.path(), token.line, "floating-point",
                         fmt::format("{}: money and quantities are exact", token.text),
                         "std::int64_t minor units with checked arithmetic (Money)"});
    }
}

void check_comments(const Source& source, Findings& found) {
    static constexpr std::array<std::string_view, 2> marks = {"TODO", "FIXME"};
    for (std::size_t number = 1; number <= source.line_count(); ++number) {
        const auto comment = source.comment(number);
        for (const auto mark : marks) {
            if (comment.find(mark) == std::string_view::npos) continue;
            found.push_back({source.path(), number, "unfinished", fmt::format("{} in a comment", mark),
                             "finish it, or open an issue and say here what holds today"});
        }
        const auto nolint = comment.find("NOLINT");
        if (nolint == std::string_view::npos || comment.find("NOLINTEND") != std::string_view::npos) continue;
        const auto colon = comment.find(": ", nolint);
        if (colon != std::string_view::npos && colon + 2 < comment.size()) continue;
        found.push_back({source.path(), number, "nolint-reason", "a check is switched off without a reason",
                         "NOLINT(name-of-check): the reason"});
    }
}

}  // namespace

Findings check_bans(const Source& source) {
    Findings found;
    for (const auto& ban : bans) {
        if (!in_place(source, ban.allowed_in)) check_ban(source, ban, found);
    }
    if (source.is_header()) check_using_namespace(source, found);
    if (source.path().starts_with("libs/orders/") || source.path().starts_with("libs/contract/")) {
        check_floating_point(source, found);
    }
    check_comments(source, found);
    return found;
}

}  // namespace orderflow::tidy
