#include "tools/tidy/bans.hpp"

#include <gtest/gtest.h>

#include "tools/tidy/snapshot_test.hpp"

namespace orderflow::tidy {
namespace {

std::string check(std::string path, std::string text) {
    return snapshot(check_bans(Source(std::move(path), std::move(text))));
}

// A line of code in a function of `path` -> the rules it breaks.
std::string broken(std::string path, const std::string& code) {
    return places(check_bans(Source(std::move(path), "void f() {\n" + code + "\n}\n")));
}

TEST(Bans, GivenABannedCall_WhenChecked_ThenReasonAndReplacementAreNamed) {
    EXPECT_EQ(check("libs/net/session.cpp", "auto t = std::chrono::steady_clock::now();\n"),
              "libs/net/session.cpp:1: banned-call: steady_clock::now: time is a parameter, so that a run can be "
              "replayed: take an Instant or WallTime, or a Clock& (libs/base/clock.hpp)\n");
    EXPECT_EQ(
        check("api-service/api.cpp", "void f() { std::this_thread::sleep_for(1s); }\n"),
        "api-service/api.cpp:1: banned-call: std::this_thread::sleep_for: a sleeping thread serves nobody and "
        "makes tests slow and flaky: co_await sleep_until (libs/async/sleep.hpp), Executor::post_at, or in a test "
        "SimLoop::advance\n");
}

class BannedCode : public testing::TestWithParam<const char*> {};

TEST_P(BannedCode, GivenTheCode_WhenChecked_ThenItIsFound) {
    EXPECT_EQ(broken("libs/net/x.cpp", GetParam()), "2 banned-call");
}

INSTANTIATE_TEST_SUITE_P(
    Bans, BannedCode,
    testing::Values("auto t = time(nullptr);", "auto t = std::time(nullptr);", "return ::time(nullptr);",
                    "std::chrono::system_clock::now();", "gettimeofday(&tv, nullptr);", "clock_gettime(0, &ts);",
                    "int x = rand();", "std::random_device device;", "std::mt19937 engine(1);",
                    "std::thread worker(run);", "std::jthread worker(run);", "auto later = std::async(run);",
                    "strcpy(to, from);", "std::sprintf(to, form, x);", "int n = atoi(text);",
                    "auto n = std::strtol(a, &b, 10);", "auto n = std::stoi(text);", "std::regex pattern;",
                    "assert(n > 0);", "system(command);", "std::cout << n;", "printf(form, n);", "fmt::print(form, n);",
                    "auto* v = std::getenv(name);", "std::exit(1);", "usleep(10);", "auto* local = localtime(&t);"));

class AllowedCode : public testing::TestWithParam<const char*> {};

TEST_P(AllowedCode, GivenTheCode_WhenChecked_ThenNothingIsFound) {
    EXPECT_EQ(broken("libs/net/x.cpp", GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(Bans, AllowedCode,
                         testing::Values("auto t = event.time();", "WallTime time(Order order);",
                                         "auto t = Clock::time(order);", "runtime.exit(0);",
                                         "std::this_thread::yield();", "auto at = clock.now();",
                                         "// std::thread is for ThreadExecutor", "log(\"time(nullptr)\");",
                                         "static_assert(sizeof(int) == 4);", "std::fprintf(stderr, text);",
                                         "auto n = random_.below(6);"));

TEST(Bans, GivenThePlaceThatImplementsIt_WhenChecked_ThenNothingIsFound) {
    EXPECT_EQ(broken("libs/base/system_clock.cpp", "clock_gettime(CLOCK_BOOTTIME, &at);"), "");
    EXPECT_EQ(broken("libs/base/thread_executor.cpp", "std::thread thread(run);"), "");
    EXPECT_EQ(broken("orderflow/main.cpp", "fmt::print(form, n);"), "");
    EXPECT_EQ(broken("libs/base/thread_executor_test.cpp", "std::thread thread(run);"), "");
    EXPECT_EQ(broken("libs/base/thread_executor_test.cpp", "std::this_thread::sleep_for(1ms);"), "2 banned-call");
}

TEST(Bans, GivenUsingNamespace_WhenInAHeader_ThenItIsAnError) {
    EXPECT_EQ(check("libs/base/a.hpp", "using namespace std;\n"),
              "libs/base/a.hpp:1: using-namespace: a header decides about names in every file that includes it: write "
              "the namespace, or `using` one name inside a function\n");
    EXPECT_EQ(check("libs/base/a.hpp", "using namespace std::chrono_literals;\n"), "");
    EXPECT_EQ(check("libs/base/a.cpp", "using namespace std;\n"), "");
}

TEST(Bans, GivenFloatingPoint_WhenInTheDomain_ThenItIsAnError) {
    EXPECT_EQ(check("libs/orders/domain/money.hpp", "double price;\n"),
              "libs/orders/domain/money.hpp:1: floating-point: double: money and quantities are exact: std::int64_t "
              "minor units with checked arithmetic (Money)\n");
    EXPECT_EQ(check("libs/orders/domain/money.hpp", "// never a double\nint redouble;\n"), "");
    EXPECT_EQ(check("libs/observe/metrics.hpp", "double seconds;\n"), "");
}

TEST(Bans, GivenASwitchedOffCheck_WhenItHasNoReason_ThenItIsAnError) {
    EXPECT_EQ(check("libs/net/a.cpp", "int x;  // NOLINT\n"),
              "libs/net/a.cpp:1: nolint-reason: a check is switched off without a reason: NOLINT(name-of-check): the "
              "reason\n");
    EXPECT_EQ(check("libs/net/a.cpp", "int x;  // NOLINT(bugprone-x)\n"),
              "libs/net/a.cpp:1: nolint-reason: a check is switched off without a reason: NOLINT(name-of-check): the "
              "reason\n");
    EXPECT_EQ(check("libs/net/a.cpp", "int x;  // NOLINT(bugprone-x): the C API wants it\n"), "");
}

TEST(Bans, GivenAnUnfinishedMark_WhenInAComment_ThenItIsAnError) {
    EXPECT_EQ(check("libs/net/a.cpp",
                    "// TO"
                    "DO later\n"),
              "libs/net/a.cpp:1: unfinished: TO"
              "DO in a comment: finish it, or open an issue and say here what holds "
              "today\n");
    EXPECT_EQ(check("libs/net/a.cpp",
                    "auto mark = \"TO"
                    "DO\";\n"),
              "");
}

}  // namespace
}  // namespace orderflow::tidy
