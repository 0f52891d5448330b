#include "orderflow/load/ledger_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "libs/testing/temp_dir.hpp"

namespace orderflow::load {
namespace {

using audit::Attempt;
using audit::AttemptKind;
using audit::Outcome;
using ::testing::HasSubstr;

orders::OrderId order(int number) {
    orders::OrderId::Bytes bytes{};
    bytes[0] = static_cast<std::byte>(number);
    return orders::OrderId(bytes);
}

Attempt placed(int number) {
    Attempt attempt;
    attempt.kind = AttemptKind::place;
    attempt.outcome = Outcome::ok;
    attempt.http_status = 202;
    attempt.key = "load-key-" + std::to_string(number);
    attempt.asked = 0xfedcba9876543210U + static_cast<std::uint64_t>(number);
    attempt.lines = {{"PC-SHARP", 2}, {"NB-A5-DOT", 1}};
    attempt.order = order(number);
    attempt.start = from_unix_ms(1000);
    attempt.end = from_unix_ms(1017);
    return attempt;
}

class ALedger : public ::testing::Test {
  protected:
    // A run with so many attempts; without its end it was killed.
    void run(const std::string& name, int attempts, bool finish = true) {
        auto writer = LedgerWriter::open(path, name, from_unix_ms(5)).value();
        for (int i = 1; i <= attempts; ++i) writer.add(placed(i));
        ASSERT_TRUE(finish ? writer.finish() : writer.flush());
    }
    std::string text() const {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void write(const std::string& content) const { std::ofstream(path, std::ios::binary) << content; }

    TempDir dir;
    std::string path = dir / "ledger";
};

TEST_F(ALedger, GivenAttemptsOfEveryKind_WhenReadBack_ThenTheyAreWhatTheyWere) {
    auto lost = placed(2);
    lost.outcome = Outcome::unknown;
    lost.http_status = 0;
    lost.order.reset();
    Attempt cancel;
    cancel.kind = AttemptKind::cancel;
    cancel.outcome = Outcome::refused;
    cancel.http_status = 409;
    cancel.order = order(1);
    auto bad = placed(3);
    bad.kind = AttemptKind::bad;
    bad.outcome = Outcome::refused;
    bad.http_status = 400;
    bad.order.reset();
    {
        auto writer = LedgerWriter::open(path, "run", from_unix_ms(5)).value();
        for (const auto& attempt : {placed(1), lost, cancel, bad}) writer.add(attempt);
        ASSERT_TRUE(writer.finish());
    }

    const auto ledger = read_ledger(path).value();

    EXPECT_EQ(ledger.runs, 1U);
    EXPECT_EQ(ledger.killed_runs, 0U);
    const auto& attempts = ledger.history.attempts;
    ASSERT_EQ(attempts.size(), 4U);
    EXPECT_EQ(attempts[0].key, placed(1).key);
    EXPECT_EQ(attempts[0].asked, placed(1).asked);
    EXPECT_EQ(attempts[0].lines, placed(1).lines);
    EXPECT_EQ(attempts[0].order, order(1));
    EXPECT_EQ(attempts[0].start, from_unix_ms(1000));
    EXPECT_EQ(attempts[0].end, from_unix_ms(1017));
    EXPECT_EQ(attempts[0].http_status, 202);
    EXPECT_EQ(attempts[1].outcome, Outcome::unknown);
    EXPECT_EQ(attempts[1].order, std::nullopt);
    EXPECT_EQ(attempts[2].kind, AttemptKind::cancel);
    EXPECT_EQ(attempts[2].order, order(1));
    EXPECT_EQ(attempts[3].kind, AttemptKind::bad);
}

TEST_F(ALedger, GivenSeveralRuns_ThenAllAttemptsAreRead) {
    run("one", 2);
    run("two", 3);

    const auto ledger = read_ledger(path).value();

    EXPECT_EQ(ledger.runs, 2U);
    EXPECT_EQ(ledger.history.attempts.size(), 5U);
}

TEST_F(ALedger, GivenARunThatWasKilled_ThenWhatItWroteIsReadAndItIsCounted) {
    run("killed", 3, false);

    const auto ledger = read_ledger(path).value();

    EXPECT_EQ(ledger.killed_runs, 1U);
    EXPECT_EQ(ledger.history.attempts.size(), 3U);
}

TEST_F(ALedger, GivenATornLastLine_ThenTheWholeLinesBeforeItCount) {
    run("killed", 3, false);
    const auto whole = text();
    for (const std::size_t cut : {1U, 2U, 50U}) {
        write(whole.substr(0, whole.size() - cut));

        const auto ledger = read_ledger(path);

        ASSERT_TRUE(ledger) << ledger.error().detail();
        EXPECT_EQ(ledger->killed_runs, 1U);
        EXPECT_EQ(ledger->history.attempts.size(), cut == 1 ? 3U : 2U);
    }
}

TEST_F(ALedger, GivenARunBehindATornLine_ThenBothAreRead) {
    run("killed", 3, false);
    write(text().substr(0, text().size() - 20));
    run("next", 4);

    const auto ledger = read_ledger(path).value();

    EXPECT_EQ(ledger.runs, 2U);
    EXPECT_EQ(ledger.killed_runs, 1U);
    EXPECT_EQ(ledger.history.attempts.size(), 6U);
}

TEST_F(ALedger, GivenDamageInTheMiddle_ThenItsLineIsNamed) {
    run("one", 3);
    auto damaged = text();
    damaged[damaged.find("load-key-2") - 3] = 'x';  // inside line 3
    write(damaged);

    const auto ledger = read_ledger(path);

    ASSERT_FALSE(ledger);
    EXPECT_EQ(ledger.error().code(), "ledger.damaged");
    EXPECT_THAT(ledger.error().detail(), HasSubstr("line 3"));
    EXPECT_THAT(ledger.error().detail(), HasSubstr(path));
}

TEST_F(ALedger, GivenAnAttemptThatLacksSomething_ThenItIsDamage) {
    const std::string run_line = "{\"run\":\"r\",\"at\":1}\n";
    const std::string end_line = "{\"done\":\"r\",\"attempts\":1}\n";
    const std::string sound =
        R"({"kind":"place","key":"k","asked":"ff","start":1,"end":2,"outcome":"ok","status":202})";
    ASSERT_TRUE(parse_ledger(run_line + sound + "\n" + end_line));

    for (const std::string member : {R"("kind":"place",)", R"("key":"k",)", R"("asked":"ff",)", R"("start":1,)",
                                     R"("end":2,)", R"("outcome":"ok",)"}) {
        auto line = sound;
        line.erase(line.find(member), member.size());
        EXPECT_FALSE(parse_ledger(run_line + line + "\n" + end_line)) << line;
    }
}

TEST_F(ALedger, GivenLinesThatWereTakenOut_ThenTheEndOfTheRunTellsIt) {
    run("one", 3);
    auto fewer = text();
    const auto line = fewer.find(R"({"kind":"place","key":"load-key-2")");
    fewer.erase(line, fewer.find('\n', line) + 1 - line);
    write(fewer);

    const auto ledger = read_ledger(path);

    ASSERT_FALSE(ledger);
    EXPECT_EQ(ledger.error().code(), "ledger.damaged");
    EXPECT_THAT(ledger.error().detail(), HasSubstr("3 attempts, and 2 stand here"));
}

TEST_F(ALedger, GivenTheEndOfAnotherRun_ThenItIsDamage) {
    for (const std::string end :
         {R"({"done":"other","attempts":0})", R"({"done":"r"})", R"({"done":7,"attempts":0})"}) {
        EXPECT_EQ(parse_ledger("{\"run\":\"r\",\"at\":1}\n" + end + "\n").error().code(), "ledger.damaged") << end;
    }
}

TEST_F(ALedger, WhileARunWritesIt_ThenNoOtherMay) {
    auto writer = std::optional(LedgerWriter::open(path, "one", from_unix_ms(5)).value());

    const auto second = LedgerWriter::open(path, "two", from_unix_ms(6));

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), "ledger.in_use");
    EXPECT_THAT(second.error().detail(), HasSubstr(path));
    ASSERT_TRUE(writer->finish());
    writer.reset();
    EXPECT_TRUE(LedgerWriter::open(path, "two", from_unix_ms(6)));
}

TEST_F(ALedger, GivenAPipeOrAFolder_ThenItIsRefusedAtOnce) {
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    for (const auto& place : {path, dir.path().string()}) {
        const auto ledger = read_ledger(place);
        ASSERT_FALSE(ledger);
        EXPECT_EQ(ledger.error().code(), "ledger.missing");
        EXPECT_THAT(ledger.error().detail(), HasSubstr("not a regular file"));
    }
}

TEST_F(ALedger, GivenAHugeFileWithoutLines_ThenItIsDamageAndNotReadIntoMemory) {
    write("");
    std::filesystem::resize_file(path, std::uintmax_t{40} << 30U);

    const auto ledger = read_ledger(path);

    ASSERT_FALSE(ledger);
    EXPECT_EQ(ledger.error().code(), "ledger.damaged");
    EXPECT_THAT(ledger.error().detail(), HasSubstr("line 1 is too long"));
}

TEST_F(ALedger, GivenAFileThatIsNone_ThenItIsRefused) {
    EXPECT_EQ(read_ledger(dir / "absent").error().code(), "ledger.missing");
    for (const std::string content : {"", "\n", "hello\n", "{\"kind\":\"place\"}\n"}) {
        write(content);
        const auto ledger = read_ledger(path);
        ASSERT_FALSE(ledger) << content;
        EXPECT_EQ(ledger.error().code(), "ledger.damaged");
    }
}

TEST_F(ALedger, GivenAPlaceThatCannotBeWritten_ThenTheReasonIsTold) {
    const auto in_a_missing_folder = LedgerWriter::open(dir / "none/ledger", "run", {});
    ASSERT_FALSE(in_a_missing_folder);
    EXPECT_EQ(in_a_missing_folder.error().code(), "ledger.inaccessible");

    const auto full = LedgerWriter::open("/dev/full", "run", {});
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code(), "ledger.write_failed");
}

}  // namespace
}  // namespace orderflow::load
