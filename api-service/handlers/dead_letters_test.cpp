#include "api-service/handlers/dead_letters.hpp"

#include "api-service/api_fixture_test.hpp"
#include "libs/contract/draft_json.hpp"
#include "libs/contract/operator_message.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/json/writer.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* letters = "/v1/admin/dead-letters";
constexpr const char* token = "operator-token-0123456789";
constexpr const char* read_token = "reading-token-0123456789";

class DeadLettersTest : public ApiTest {
  protected:
    void park(const std::string& message, const std::string& code) {
        std::vector<orders::Change> group;
        group.emplace_back(orders::ParkMessage(samples::letter(message, code)));
        apply(std::move(group));
    }
    // What the API put on the queue of commands, oldest first.
    std::vector<orders::OperatorCommand> commands_sent() {
        orders::ReceiveRequest wanted;
        std::vector<orders::OperatorCommand> sent;
        for (const auto& message : loop.run(commands.receive(wanted)).value()) {
            sent.push_back(contract::decode_operator_message(message.body).value());
        }
        return sent;
    }
    static TestRequest as(TestRequest request, const std::string& bearer) {
        request.fields.emplace_back("Authorization", "Bearer " + bearer);
        return request;
    }
    static std::string letter_path(int number, const std::string& what = {}) {
        return std::string(letters) + "/" + std::to_string(number) + what;
    }
    static TestRequest post(const std::string& what, std::string body = "{}") {
        return post_json(std::string(letters) + what, std::move(body));
    }
};

TEST_F(DeadLettersTest, GivenNobodyKnown_ThenEveryAddressIs401AndNothingIsSent) {
    config.admin_token = token;
    park("m1", "a");

    for (const char* path : {"", "/groups", "/1"}) {
        EXPECT_EQ(verdict(send(get(std::string(letters) + path))), "401 unauthorized") << path;
    }
    for (const char* path : {"/redrive", "/discard", "/restore", "/1/redrive", "/1/discard", "/1/restore", "/1/edit"}) {
        EXPECT_EQ(verdict(send(as(post(path), "a wrong token"))), "401 unauthorized") << path;
    }
    EXPECT_EQ(verdict(send(get("/v1/admin/audit"))), "401 unauthorized");
    EXPECT_EQ(verdict(send(get("/v1/admin/audit/x"))), "401 unauthorized");
    EXPECT_TRUE(commands_sent().empty());
}

TEST_F(DeadLettersTest, GivenTheReadToken_ThenItLooksAndCommandsNothing) {
    config.admin_token = token;
    config.admin_read_token = read_token;
    park("m1", "a");

    EXPECT_EQ(send(as(get(letters), read_token)).status, 200U);
    EXPECT_EQ(send(as(get(letter_path(1)), read_token)).status, 200U);
    EXPECT_EQ(send(as(get("/v1/admin/audit"), read_token)).status, 200U);
    EXPECT_EQ(send(as(get("/v1/orders"), read_token)).status, 200U);
    for (const char* path : {"/redrive", "/1/redrive", "/1/edit"}) {
        EXPECT_EQ(verdict(send(as(post(path), read_token))), "403 forbidden") << path;
    }
    EXPECT_TRUE(commands_sent().empty());
    EXPECT_EQ(send(as(post("/1/redrive"), token)).status, 202U);
}

TEST_F(DeadLettersTest, GivenLetters_ThenTheyAreListedWithoutTheirBodiesAndCountedByCode) {
    park("m1", "a");
    park("m2", "b");
    park("m3", "a");

    const auto list = send(get(letters, "code=a&limit=1"));
    const auto groups = send(get(std::string(letters) + "/groups"));

    EXPECT_THAT(list.body, HasSubstr(R"("number":1,"state":"open","code":"a")"));
    EXPECT_THAT(list.body, HasSubstr(R"("has_more":true)"));
    EXPECT_THAT(list.body, Not(HasSubstr("\"body\"")));
    EXPECT_EQ(field(list, "Cache-Control"), "no-store");
    EXPECT_THAT(send(get(letters, "code=a&after=1")).body, HasSubstr(R"("number":3)"));
    EXPECT_THAT(send(get(letters, "state=discarded")).body, HasSubstr(R"("data":[])"));
    EXPECT_THAT(groups.body, HasSubstr(R"({"queue":"orders","code":"a","count":2,"first":{"number":1,)"));
}

TEST_F(DeadLettersTest, GivenOneLetter_ThenItsBodyIsShownAndWhetherTheWorkerCanReadIt) {
    park("m1", "a");

    const auto letter = send(get(letter_path(1)));

    EXPECT_THAT(letter.body, HasSubstr(R"("body":"{}","readable":false)"));
    EXPECT_EQ(verdict(send(get(letter_path(2)))), "404 dead-letter-not-found");
    EXPECT_EQ(verdict(send(get(std::string(letters) + "/x"))), "404 dead-letter-not-found");
}

TEST_F(DeadLettersTest, GivenWrongCriteria_Then400NamesTheParameter) {
    for (const char* path : {"", "/groups"}) {
        const auto refused = send(get(std::string(letters) + path, "state=shut"));
        EXPECT_THAT(text_in(body_of(refused), "detail"), HasSubstr("erased")) << path;
    }
    for (const char* query : {"state=shut", "code=", "order=ord_1", "after=-1", "limit=0", "limit=101"}) {
        EXPECT_EQ(verdict(send(get(letters, query))), "400 malformed-request") << query;
    }
    EXPECT_EQ(verdict(send(get(std::string(letters) + "/groups", "state=any"))), "400 malformed-request");
    EXPECT_EQ(verdict(send(get("/v1/admin/audit", "starting_after=nobody"))), "400 malformed-request");
}

TEST_F(DeadLettersTest, GivenARedrive_ThenTheCommandIsOnTheQueueAndItsRecordHasAnAddress) {
    park("m1", "a");

    const auto response = send(post("/1/redrive", R"({"by":"kim","reason":"the provider is back"})"));

    EXPECT_EQ(response.status, 202U);
    const auto sent = commands_sent();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].by, "kim");
    EXPECT_EQ(sent[0].reason, "the provider is back");
    EXPECT_EQ(std::get<orders::ActOnLetters>(sent[0].wish).selection.numbers, std::vector<std::int64_t>{1});
    EXPECT_EQ(field(response, "Location"), "/v1/admin/audit/" + sent[0].id);
    EXPECT_EQ(text_in(body_of(response), "id"), sent[0].id);
    EXPECT_EQ(verdict(send(get("/v1/admin/audit/" + sent[0].id))), "404 command-not-found");

    (void)loop.run(store.operate(sent[0]));

    EXPECT_EQ(text_in(body_of(send(get("/v1/admin/audit/" + sent[0].id))), "state"), "running");
    EXPECT_THAT(send(get("/v1/admin/audit")).body, HasSubstr(R"("target":"dead letters 1","by":"kim")"));
}

TEST_F(DeadLettersTest, GivenAnIdempotencyKey_WhenSentAgain_ThenItIsTheSameCommand) {
    park("m1", "a");
    auto request = post("/redrive", R"({"numbers":[1]})");
    request.fields.emplace_back("Idempotency-Key", key);

    send(request);
    send(request);

    const auto sent = commands_sent();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0].id, sent[1].id);
    EXPECT_EQ(sent[0].by, "operator");
}

TEST_F(DeadLettersTest, GivenAnIdempotencyKey_WhenSentWithAnotherCommand_ThenThatIsCarriedOutToo) {
    park("m1", "a");
    park("m2", "b");
    for (const auto* body : {R"({"numbers":[1]})", R"({"numbers":[2]})"}) {
        auto request = post("/redrive", body);
        request.fields.emplace_back("Idempotency-Key", key);
        send(request);
    }
    auto discard = post("/discard", R"({"numbers":[2]})");
    discard.fields.emplace_back("Idempotency-Key", key);
    send(discard);

    const auto sent = commands_sent();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_NE(sent[0].id, sent[1].id);
    EXPECT_NE(sent[1].id, sent[2].id);
}

TEST_F(DeadLettersTest, GivenAFilterWithAControlCharacter_ThenItIsRefused) {
    EXPECT_EQ(send(get("/v1/admin/dead-letters", "code=a%00b")).status, 400);
    EXPECT_EQ(send(get("/v1/admin/dead-letters", "queue=a%0ab")).status, 400);
}

TEST_F(DeadLettersTest, GivenADryRun_ThenItSaysWhatWouldBeSentAndSendsNothing) {
    park("m1", "a");
    park("m2", "b");

    const auto response = send(post("/redrive", R"({"filter":{"code":"b"},"dry_run":true})"));

    EXPECT_EQ(response.status, 200U);
    EXPECT_THAT(response.body, HasSubstr(R"("dry_run":true,"data":[{"number":2)"));
    EXPECT_THAT(response.body, HasSubstr(R"("has_more":false,"count":1)"));
    EXPECT_TRUE(commands_sent().empty());
}

TEST_F(DeadLettersTest, GivenMoreLettersThanAPageShows_ThenTheDryRunAndTheRecordSayHowMany) {
    for (int i = 0; i < 130; ++i) park("m" + std::to_string(i), "a");

    EXPECT_THAT(send(post("/redrive", R"({"filter":{},"dry_run":true})")).body,
                HasSubstr(R"("has_more":true,"count":130)"));
    send(post("/redrive", R"({"filter":{"code":"a"}})"));
    const auto sent = commands_sent().at(0);
    (void)loop.run(store.operate(sent));

    EXPECT_THAT(send(get("/v1/admin/audit/" + sent.id)).body, HasSubstr(R"("count":130,"changed":0)"));
}

TEST_F(DeadLettersTest, GivenACommandThatIsStillInItsQueue_WhenStopped_ThenItDoesNothingWhenItComes) {
    park("m1", "a");
    send(post("/redrive", R"({"filter":{},"by":"lee"})"));
    const auto waiting = commands_sent().at(0);

    EXPECT_EQ(send(post_json("/v1/admin/audit/" + waiting.id + "/stop", R"({"by":"kim"})")).status, 202U);
    (void)loop.run(store.operate(commands_sent().at(0)));
    EXPECT_EQ(loop.run(store.operate(waiting)).value().kind, orders::OperatorStep::Kind::finished);

    const auto record = send(get("/v1/admin/audit/" + waiting.id)).body;
    EXPECT_THAT(record, HasSubstr(R"("action":"dead-letters.redrive","target":"dead letters","by":"lee")"));
    EXPECT_THAT(record, HasSubstr(R"("state":"stopped")"));
    EXPECT_EQ(loop.run(store.letter(1)).value()->state, orders::LetterState::open);
}

TEST_F(DeadLettersTest, GivenARateAndAStop_ThenBothAreCommands) {
    send(post("/redrive", R"({"filter":{},"per_second":5})"));
    const auto slow = commands_sent().at(0);
    EXPECT_EQ(std::get<orders::ActOnLetters>(slow.wish).per_second, 5);
    const auto stop = [&] { return send(post_json("/v1/admin/audit/" + slow.id + "/stop", R"({"by":"kim"})")); };
    EXPECT_EQ(verdict(send(post_json("/v1/admin/audit/no-such-command/stop", "{}"))), "404 command-not-found");
    park("m1", "a");
    (void)loop.run(store.operate(slow));

    EXPECT_EQ(stop().status, 202U);

    const auto stopping = commands_sent().at(0);
    EXPECT_EQ(std::get<orders::StopCommand>(stopping.wish).command_id, slow.id);
    (void)loop.run(store.operate(stopping));
    EXPECT_EQ(verdict(stop()), "409 command-over");
    EXPECT_EQ(verdict(send(post("/redrive", R"({"filter":{},"per_second":0})"))), "422 validation-failed");
    for (const char* at_once : {"/discard", "/restore"}) {
        EXPECT_EQ(verdict(send(post(at_once, R"({"filter":{},"per_second":5})"))), "422 validation-failed");
    }
}

TEST_F(DeadLettersTest, GivenABodyThatBreaksRules_ThenAllAreNamed) {
    EXPECT_EQ(verdict(send(post("/redrive"))), "422 validation-failed");
    EXPECT_EQ(verdict(send(post("/redrive", R"({"numbers":[]})"))), "422 validation-failed");
    EXPECT_EQ(verdict(send(post("/redrive", R"({"numbers":[1.5]})"))), "422 validation-failed");
    EXPECT_EQ(verdict(send(post("/redrive", R"({"numbers":[1],"filter":{}})"))), "422 validation-failed");
    EXPECT_EQ(verdict(send(post("/redrive", R"({"filter":{"state":"open"}})"))), "422 validation-failed");
    EXPECT_EQ(verdict(send(post("/redrive", "[1]"))), "422 validation-failed");
    EXPECT_EQ(verdict(send(post("/redrive", "{"))), "400 malformed-json");
    auto form = post("/redrive");
    form.fields = {{"Content-Type", "text/plain"}};
    EXPECT_EQ(verdict(send(form)), "415 unsupported-media-type") << "no page of elsewhere can send this";
    const auto response = send(post("/redrive", R"({"by":7,"reasons":"x","filter":{"order":"1"},"dry_run":"yes"})"));
    EXPECT_THAT(response.body, HasSubstr("4 rules"));
    EXPECT_TRUE(commands_sent().empty());
}

TEST_F(DeadLettersTest, GivenALetterThatIsNotInTheStateForIt_ThenTheEarlyAnswerIs409) {
    park("m1", "a");

    EXPECT_EQ(verdict(send(post("/1/restore"))), "409 dead-letter-state");
    EXPECT_EQ(verdict(send(post("/2/redrive"))), "404 dead-letter-not-found");
    EXPECT_EQ(verdict(send(post("/0x1/redrive"))), "404 dead-letter-not-found");
    EXPECT_TRUE(commands_sent().empty());
}

TEST_F(DeadLettersTest, GivenAStoreThatIsDown_ThenReadsAre503AndCommandsAreTaken) {
    park("m1", "a");
    operator_reader.down = true;

    EXPECT_EQ(verdict(send(get(letters))), "503 store-unavailable");
    EXPECT_EQ(verdict(send(get("/v1/admin/audit"))), "503 store-unavailable");
    EXPECT_EQ(send(post("/1/redrive")).status, 202U);
    EXPECT_EQ(commands_sent().size(), 1U);
}

TEST_F(DeadLettersTest, GivenAnEdit_ThenItsBodyIsCheckedBeforeItIsSent) {
    park("m1", "a");
    const auto body = contract::encode_place({"evt", id, samples::fingerprint(1), samples::at(0), std::nullopt},
                                             contract::encode_draft(samples::draft()));
    const auto of_nobody = contract::encode_place(
        {"evt", orders::LegibleIds::foreign(), samples::fingerprint(1), samples::at(0), std::nullopt},
        contract::encode_draft(samples::draft()));
    const auto edit = [](const std::string& text) {
        json::Writer out;
        out.begin_object().key("body").string(text).end_object();
        return std::string(out.text());
    };

    EXPECT_EQ(verdict(send(post("/1/edit", edit("{}")))), "422 message-unreadable");
    EXPECT_EQ(verdict(send(post("/1/edit", edit(of_nobody)))), "422 message-unreadable") << "nobody could ask for it";
    EXPECT_EQ(verdict(send(post("/1/edit"))), "422 validation-failed");
    EXPECT_EQ(verdict(send(post("/1/edit", edit(std::string(110'000, 'x'))))), "422 validation-failed");
    EXPECT_EQ(send(post("/1/edit", edit(body))).status, 202U);
    EXPECT_EQ(std::get<orders::EditLetter>(commands_sent().at(0).wish).body, body);
    store_order(id);
    EXPECT_EQ(verdict(send(post("/1/edit", edit(body)))), "409 order-stored");
}

}  // namespace
}  // namespace orderflow::api
