// Goal: a wrong word of `orderflow export` is told before anything is opened, in words of the command.
#include "orderflow/export/export_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "libs/testing/fake_clock.hpp"

namespace orderflow {
namespace {

using testing::HasSubstr;
using testing::internal::CaptureStderr;
using testing::internal::GetCapturedStderr;

constexpr int bad_usage = 2;

struct Ended {
    int code = 0;
    std::string errors;
};

Ended run(const std::vector<const char*>& words) {
    const FakeClock clock;
    CaptureStderr();
    const int code = run_export(words, {{"ORDERFLOW_DATA_DIR", "/there/is/none"}}, clock);
    return {code, GetCapturedStderr()};
}

TEST(ExportCommand, GivenAnOrderNumberThatIsNone_ThenItSaysWhatOneIs) {
    for (const auto* number : {"x", "-1", "1.5", "", "99999999999999999999"}) {
        const auto ended = run({"--after", number});
        EXPECT_EQ(ended.code, bad_usage) << number;
        EXPECT_THAT(ended.errors, HasSubstr("'" + std::string(number) + "' is no order number: 0, 1, 2 and so on"));
    }
}

TEST(ExportCommand, GivenATimeThatIsNone_ThenItSaysHowOneIsWritten) {
    const auto ended = run({"--from", "yesterday"});
    EXPECT_EQ(ended.code, bad_usage);
    EXPECT_THAT(ended.errors, HasSubstr("a time is written 2026-01-31 or"));
}

TEST(ExportCommand, GivenAnEndThatIsNotAfterTheBeginning_ThenItIsRefusedInsteadOfAnEmptyFile) {
    for (const auto* to : {"2026-01-01", "2025-12-31"}) {
        const auto ended = run({"--from", "2026-01-01", "--to", to});
        EXPECT_EQ(ended.code, bad_usage) << to;
        EXPECT_THAT(ended.errors, HasSubstr("--from 2026-01-01 is not before --to " + std::string(to)));
    }
}

}  // namespace
}  // namespace orderflow
