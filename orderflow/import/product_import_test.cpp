// Goal: whatever the shop answers, the person at the command line learns what became of the file and what to do.
#include "orderflow/import/product_import.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "libs/testing/sim_loop.hpp"

namespace orderflow {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using Answer = Result<net::ClientAnswer>;

Answer answer(int status, std::string body, std::vector<net::AnswerField> fields = {}) {
    return net::ClientAnswer{.status = status, .fields = std::move(fields), .body = std::move(body)};
}

Answer no_connection() { return fail(ErrorKind::unavailable, "http.connect", "nobody listens there"); }

// A shop that answers what a test says, and keeps what it was asked.
struct Shop {
    std::deque<Answer> answers;
    std::vector<net::ClientRequest> asked;

    // The shop outlives the coroutine: both are the test's.
    static task<Answer> ask(Shop& shop, net::ClientRequest request) {
        shop.asked.push_back(std::move(request));
        if (shop.answers.empty()) co_return no_connection();
        auto next = std::move(shop.answers.front());
        shop.answers.pop_front();
        co_return next;
    }
};

class ProductImportTest : public ::testing::Test {
  protected:
    Result<ImportReport> run(ImportJob job) {
        ProductImport importing(
            std::move(job), [this](net::ClientRequest request, Instant) { return Shop::ask(shop, std::move(request)); },
            [this](const std::string& text) { progress.push_back(text); }, loop, loop.clock());
        std::optional<Result<ImportReport>> report;
        loop.spawn(store(importing, report));
        loop.advance(1h);
        return *std::move(report);
    }
    static ImportJob job() {
        ImportJob job;
        job.api = net::Url::parse("https://shop.example.com/base/").value();
        job.token = "the-token";
        job.pieces = {{"sku,name\nmug,Mug\n", 0, 1}};
        job.key = "import-key";
        return job;
    }
    static std::optional<std::string> field(const net::ClientRequest& request, std::string_view name) {
        for (const auto& one : request.fields) {
            if (one.name == name) return one.value;
        }
        return std::nullopt;
    }
    // Both outlive it: run() waits.
    static task<void> store(ProductImport& importing, std::optional<Result<ImportReport>>& report) {
        report = co_await importing.run();
    }

    SimLoop loop;
    Shop shop;
    std::vector<std::string> progress;
    const std::string taken = R"({"import":"f","rows":2,"parts":[{"id":"f-1"},{"id":"f-2"}]})";
};

TEST_F(ProductImportTest, GivenNoShop_ThenItTriesAndThenSaysThatNothingWasTaken) {
    const auto report = run(job());

    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code(), "import.unavailable");
    EXPECT_THAT(report.error().detail(), HasSubstr("nobody listens there. Nothing of the file was taken"));
}

TEST_F(ProductImportTest, GivenAnAnswerThatWasLost_ThenItTriesWithTheSameKeyAndThenSaysThatRepeatingIsSafe) {
    shop.answers = {fail(ErrorKind::unavailable, "http.lost", "the connection ended")};
    const auto report = run(job());

    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code(), "import.unavailable");
    EXPECT_THAT(report.error().detail(), HasSubstr("nobody listens there"));
    EXPECT_THAT(report.error().detail(), HasSubstr("send it again"));
    ASSERT_EQ(shop.asked.size(), 5U);
    for (const auto& request : shop.asked) EXPECT_EQ(field(request, "Idempotency-Key"), "import-key");
}

TEST_F(ProductImportTest, GivenAnswersThatRefuse_ThenEachSaysWhatToDo) {
    const std::vector<std::tuple<int, std::string, std::string>> cases{
        {401, "import.unauthorized", "set ORDERFLOW_ADMIN_TOKEN"},
        {403, "import.unauthorized", "may only read"},
        {404, "import.refused", "--api"},
        {413, "import.refused", "the shop answers 413: too long"},
        {200, "import.refused", "200"},
    };
    for (const auto& [status, code, words] : cases) {
        shop.answers = {answer(status, R"({"detail":"too long"})")};
        const auto report = run(job());
        ASSERT_FALSE(report) << status;
        EXPECT_EQ(report.error().code(), code);
        EXPECT_THAT(report.error().detail(), HasSubstr(words));
    }
}

TEST_F(ProductImportTest, GivenAnAnswerThatCannotBeRead_ThenItIsNoSuccess) {
    for (const std::string body : {"", "{", "[]", R"({"parts":7})"}) {
        shop.answers = {answer(202, body)};
        const auto report = run(job());
        EXPECT_FALSE(report) << body;
    }
}

TEST_F(ProductImportTest, GivenAFileThatBreaksRules_ThenEachFaultIsALineForPeople) {
    shop.answers = {answer(422, R"({"detail":"2 rules are broken.","errors":[)"
                                R"({"line":3,"column":"price_EUR","code":"wrong-type","detail":"Must be a price."},)"
                                R"({"line":4,"code":"invalid-format","detail":"No \u001b[31m text."},)"
                                R"({"pointer":"/5/sku","code":"required","detail":"Is missing."}]})")};

    const auto report = run(job());

    ASSERT_TRUE(report);
    EXPECT_FALSE(report->all_taken);
    EXPECT_THAT(report->lines,
                ElementsAre("line 3, column price_EUR: Must be a price.", R"(line 4: No \x1b[31m text.)",
                            "/5/sku: Is missing.", "2 rules are broken. Nothing of the file was taken."));
}

TEST_F(ProductImportTest, GivenAShopThatIsBusy_ThenItWaitsAsLongAsItIsTold) {
    shop.answers = {answer(503, "{}", {{"Retry-After", "7"}}), answer(202, R"({"rows":0,"parts":[{"id":"f-1"}]})"),
                    answer(200, R"({"state":"done","skipped":0,"result":"nothing"})")};

    ASSERT_TRUE(run(job()));

    EXPECT_THAT(progress.front(), HasSubstr("again in 7 s"));
}

TEST_F(ProductImportTest, GivenAFileThatIsTaken_ThenItFollowsEveryPartToItsEnd) {
    shop.answers = {answer(202, taken),
                    answer(404, "{}"),
                    no_connection(),
                    answer(200, R"({"state":"running"})"),
                    answer(200, R"({"state":"done","skipped":0,"result":"1 added."})"),
                    answer(200, R"({"state":"done","skipped":1,"failure":{"detail":"1 skipped."}})")};
    auto wanted = job();
    wanted.by = "kim & co";

    const auto report = run(wanted);

    ASSERT_TRUE(report);
    EXPECT_THAT(report->lines, ElementsAre("part 1 of 2: 1 added.", "part 2 of 2: 1 skipped."));
    EXPECT_FALSE(report->all_taken) << "a row was skipped";
    EXPECT_EQ(shop.asked[0].url.target, "/base/v1/admin/products/import?dry_run=false&by=kim%20%26%20co");
    EXPECT_EQ(field(shop.asked[0], "Authorization"), "Bearer the-token");
    EXPECT_EQ(field(shop.asked[0], "Content-Type"), "text/csv");
    EXPECT_EQ(shop.asked[0].body, job().pieces[0].text);
    EXPECT_EQ(shop.asked.back().url.target, "/base/v1/admin/audit/f-2");
}

TEST_F(ProductImportTest, GivenAFileOfSeveralPieces_WhenALateRowIsWrong_ThenNothingOfItIsTaken) {
    auto wanted = job();
    wanted.pieces.push_back({"sku,name\nvase,\n", 1, 1});
    shop.answers = {answer(200, R"({"rows":1,"new":1,"refused":0,"lines":[{"result":"new","line":2,"sku":"mug"}]})"),
                    answer(200, R"({"rows":1,"refused":1,"lines":[)"
                                R"({"result":"refused","line":2,"column":"name","detail":"Is empty."}]})")};

    const auto report = run(wanted);

    ASSERT_TRUE(report);
    EXPECT_FALSE(report->all_taken);
    EXPECT_THAT(report->lines, ElementsAre("refused: line 3, column name: Is empty.",
                                           "1 of 2 rows are refused. Nothing of the file was taken."));
    for (const auto& request : shop.asked) EXPECT_THAT(request.url.target, HasSubstr("dry_run=true"));
}

TEST_F(ProductImportTest, GivenAFileOfSeveralPieces_ThenAllAreCheckedThenEachIsTakenUnderAKeyOfItsOwn) {
    auto wanted = job();
    wanted.pieces.push_back({"sku,name\nvase,Vase\n", 1, 1});
    const std::string fine = R"({"rows":1,"new":1,"refused":0,"lines":[]})";
    const std::string done = R"({"state":"done","skipped":0,"result":"1 added."})";
    shop.answers = {answer(200, fine),
                    answer(200, fine),
                    answer(202, R"({"rows":1,"parts":[{"id":"f-1"}]})"),
                    answer(202, R"({"rows":1,"parts":[{"id":"g-1"}]})"),
                    answer(200, done),
                    answer(200, done)};

    const auto report = run(wanted);

    ASSERT_TRUE(report);
    EXPECT_TRUE(report->all_taken);
    EXPECT_EQ(field(shop.asked[2], "Idempotency-Key"), "import-key");
    EXPECT_EQ(field(shop.asked[3], "Idempotency-Key"), "import-key-2");
    EXPECT_EQ(shop.asked[3].body, wanted.pieces[1].text);
    EXPECT_THAT(report->lines, ElementsAre("part 1 of 2: 1 added.", "part 2 of 2: 1 added."));
}

TEST_F(ProductImportTest, GivenAPieceThatIsRefusedBehindOthers_ThenItSaysThatTheOthersAreTaken) {
    auto wanted = job();
    wanted.format = contract::ProductFileFormat::ndjson;
    wanted.pieces = {{"{}\n", 0, 0}, {"{}\n", 1, 0}};
    const std::string fine = R"({"rows":1,"new":1,"refused":0,"lines":[]})";
    shop.answers = {answer(200, fine), answer(200, fine), answer(202, R"({"rows":1,"parts":[{"id":"f-1"}]})"),
                    answer(422, R"({"detail":"1 rule is broken.","errors":[{"pointer":"/1/sku","detail":"Bad."}]})")};

    const auto report = run(wanted);

    ASSERT_TRUE(report);
    EXPECT_THAT(report->lines, ElementsAre("/2/sku: Bad.", "1 rule is broken. The rows before are taken."));

    shop.asked.clear();
    shop.answers = {answer(200, fine), answer(200, fine), answer(202, R"({"rows":1,"parts":[{"id":"f-1"}]})"),
                    answer(401, "{}")};
    EXPECT_THAT(run(wanted).error().detail(), HasSubstr("The rows before are taken"));
    EXPECT_EQ(field(shop.asked.at(0), "Content-Type"), "application/x-ndjson");
}

TEST_F(ProductImportTest, GivenWorkersThatDoNotCarryItOut_ThenItSaysWhereToLook) {
    shop.answers = {answer(202, taken)};
    for (int i = 0; i < 5000; ++i) shop.answers.push_back(answer(404, "{}"));

    const auto report = run(job());

    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code(), "import.unfinished");
    EXPECT_THAT(report.error().detail(), HasSubstr("/v1/admin/audit/f-1"));
}

TEST_F(ProductImportTest, GivenADryRun_ThenItTellsWhatWouldChangeAndAsksNothingElse) {
    shop.answers = {answer(200, R"({"rows":4,"new":1,"changed":1,"unchanged":1,"refused":1,"lines":[)"
                                R"({"result":"refused","line":4,"sku":"mug","detail":"Orders have reserved 3."},)"
                                R"({"result":"changed","line":2,"sku":"lamp","changes":["name","prices"]},)"
                                R"({"result":"new","line":3,"sku":"vase"}]})")};
    auto wanted = job();
    wanted.dry_run = true;

    const auto report = run(wanted);

    ASSERT_TRUE(report);
    EXPECT_FALSE(report->all_taken);
    EXPECT_THAT(report->lines, ElementsAre("refused: line 4: Orders have reserved 3.",
                                           "changed: line 2, lamp (name, prices)", "new: line 3, vase",
                                           "4 rows: 1 new, 1 changed, 1 as they are, 1 refused; nothing was changed"));
    EXPECT_EQ(shop.asked.size(), 1U);
    EXPECT_EQ(field(shop.asked[0], "Idempotency-Key"), std::nullopt);
}

}  // namespace
}  // namespace orderflow
