// For tests: the handler of the protocol over a journal of its own, without sockets, in virtual time.
#pragma once

#include <gtest/gtest.h>

#include "libs/json/parse.hpp"
#include "queue-service/journal/journal_rig.hpp"
#include "queue-service/protocol/sqs_handler.hpp"

namespace orderflow::sqs {

// One request as a test writes it; what it points to lives in it.
struct TestRequest {
    net::Method method = net::Method::post;
    std::string path = "/";
    std::string query = {};
    std::vector<std::pair<std::string, std::string>> fields = {};
    std::string body = {};
    std::string peer = "127.0.0.1";
};

struct TestAnswer {
    net::Response response;

    unsigned status() const { return response.status; }
    const std::string& body() const { return response.body; }
    std::string field(std::string_view name) const {
        for (const auto& [known, value] : response.fields) {
            if (known == name) return value;
        }
        return {};
    }
    // The text at a place of a JSON body, such as {"Failed", "0", "Code"}; "(none)" when it is not there.
    std::string text(std::initializer_list<std::string_view> place) const {
        const auto document = json::parse(response.body.empty() ? "{}" : response.body, {.bytes = 64 << 20}).value();
        const auto* value = &document.root();
        for (const auto name : place) {
            if (const auto* items = value->array()) {
                const auto index = static_cast<std::size_t>(std::stoul(std::string(name)));
                value = index < items->size() ? &(*items)[index] : nullptr;
            } else {
                value = value->find(name);
            }
            if (value == nullptr) return "(none)";
        }
        if (const auto* text = value->string()) return std::string(*text);
        if (const auto number = value->number()) return std::string(number->text);
        if (const auto truth = value->boolean()) return *truth ? "true" : "false";
        return "(structure)";
    }
    // "400 QueueDoesNotExist AWS.SimpleQueueService.NonExistentQueue;Sender"
    std::string json_error() const {
        const auto type = text({"__type"});
        return std::to_string(status()) + " " + type.substr(type.find('#') + 1) + " " + field("x-amzn-query-error");
    }
    // What stands in the first element of that name of an XML body; "(none)" when there is none.
    std::string element(const std::string& name) const {
        const auto begin = response.body.find("<" + name + ">");
        if (begin == std::string::npos) return "(none)";
        const auto from = begin + name.size() + 2;
        return response.body.substr(from, response.body.find("</" + name + ">", from) - from);
    }
    // "400 MissingParameter Sender"
    std::string xml_error() const { return std::to_string(status()) + " " + element("Code") + " " + element("Type"); }
};

class SqsTest : public testing::Test {
  protected:
    SqsTest() { rig.open(); }

    SqsHandler& handler() {
        if (!handler_) {
            directory_.emplace(rig.queues());
            handler_.emplace(*directory_, authenticator, entropy_, "000000000000");
            if (observer != nullptr) handler_->observe_with(rig.loop().clock(), *observer);
        }
        return *handler_;
    }
    TestAnswer send(TestRequest test) { return {rig.run(dispatch(std::move(test)))}; }
    // For requests that run beside others.
    void start(TestRequest test, std::vector<TestAnswer>& answers) {
        rig.loop().spawn(collect(std::move(test), answers));
        rig.loop().run_ready();
    }

    static TestRequest json_request(std::string_view action, std::string body) {
        TestRequest request{.body = std::move(body)};
        request.fields = {{"Host", "localhost:9324"},
                          {"Content-Type", "application/x-amz-json-1.0"},
                          {"X-Amz-Target", "AmazonSQS." + std::string(action)}};
        return request;
    }
    static TestRequest form_request(std::string body, std::string path = "/") {
        TestRequest request{.path = std::move(path), .body = std::move(body)};
        request.fields = {{"Host", "localhost:9324"}, {"Content-Type", "application/x-www-form-urlencoded"}};
        return request;
    }
    TestAnswer json(std::string_view action, std::string body) { return send(json_request(action, std::move(body))); }
    TestAnswer form(std::string body, std::string path = "/") {
        return send(form_request(std::move(body), std::move(path)));
    }

    // {"QueueUrl":"...", and what follows.
    static std::string on(std::string_view queue, std::string_view members = {}) {
        return R"({"QueueUrl":")" + url(queue) + "\"" + (members.empty() ? "" : ",") + std::string(members) + "}";
    }
    static std::string url(std::string_view queue) {
        return "http://localhost:9324/000000000000/" + std::string(queue);
    }
    void create(const std::string& queue, const std::string& attributes = "{}") {
        const auto created = json("CreateQueue", R"({"QueueName":")" + queue + R"(","Attributes":)" + attributes + "}");
        ASSERT_EQ(created.status(), 200U) << created.body();
    }
    std::string send_body(const std::string& queue, const std::string& body) {
        return json("SendMessage", on(queue, R"("MessageBody":")" + body + "\"")).text({"MessageId"});
    }
    std::string receive_receipt(const std::string& queue) {
        return json("ReceiveMessage", on(queue)).text({"Messages", "0", "ReceiptHandle"});
    }

    queue::JournalRig rig;
    LoopbackOnly authenticator;
    ActionObserver* observer = nullptr;  // set before the first request

  private:
    task<net::Response> dispatch(TestRequest test) {
        std::vector<net::Field> fields;
        for (const auto& [name, value] : test.fields) fields.push_back({name, value});
        net::Request request;
        request.method = test.method;
        request.path = test.path;
        request.query = test.query;
        request.fields = fields;
        request.body = test.body;
        request.peer = test.peer;
        request.loop = &rig.loop();
        co_return co_await handler()(request);
    }
    // `answers` outlives the task: it is the test's.
    task<void> collect(TestRequest test, std::vector<TestAnswer>& answers) {
        answers.push_back({co_await dispatch(std::move(test))});
    }

    SeededEntropy entropy_{5};
    std::optional<QueueDirectory> directory_;
    std::optional<SqsHandler> handler_;
};

}  // namespace orderflow::sqs
