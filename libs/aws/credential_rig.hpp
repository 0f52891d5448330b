// The world of a credential source in tests: environment, files and servers that are written down.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/aws/credential_source.hpp"
#include "libs/base/settings.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::aws {

class WrittenFiles final : public FileReader {
  public:
    Result<std::string> read(const std::string& path, std::size_t bytes_max) override {
        if (forbidden == path) return fail(ErrorKind::internal, "file.unreadable", path + ": Permission denied");
        const auto found = texts.find(path);
        if (found == texts.end()) return fail(ErrorKind::not_found, "file.missing", path);
        if (found->second.size() > bytes_max) return fail(ErrorKind::internal, "file.unreadable", path + ": too long");
        return found->second;
    }
    std::map<std::string, std::string> texts;
    std::string forbidden;
};

// Answers by method and URL, such as "GET http://169.254.169.254:80/latest"; nobody listens anywhere else.
class WrittenServers final : public HttpTransport {
  public:
    explicit WrittenServers(SimLoop& loop) : loop_(loop) {}

    task<Result<HttpReply>> ask(HttpAsk ask, Instant deadline) override {
        const std::string scheme = ask.url.scheme == HttpScheme::https ? "https" : "http";
        const auto line =
            ask.method + " " + scheme + "://" + ask.url.host + ":" + std::to_string(ask.url.port) + ask.url.target;
        asked.push_back(line);
        asks.push_back(std::move(ask));
        co_await sleep_until(loop_, silent == line ? deadline : loop_.clock().now() + 1ms);
        if (silent == line) co_return fail(ErrorKind::unavailable, "http.timeout");
        const auto found = replies.find(line);
        if (found == replies.end()) co_return fail(ErrorKind::unavailable, "http.connect");
        co_return HttpReply{.status = found->second.first, .headers = {}, .body = found->second.second};
    }

    std::map<std::string, std::pair<int, std::string>> replies;
    std::string silent;
    std::vector<std::string> asked;
    std::vector<HttpAsk> asks;

  private:
    SimLoop& loop_;
};

class CredentialRig : public testing::Test {
  protected:
    // What the source gives: "id/secret/token", or the code of its error.
    std::string fetched(CredentialSource& source) {
        auto found = loop.run(source.fetch());
        if (found) {
            last = *found;
            return found->access_key_id + "/" + found->secret_access_key + "/" + found->session_token;
        }
        detail = found.error().detail();
        EXPECT_FALSE(detail.contains("HUSH")) << detail;
        return found.error().code();
    }

    // All that is secret in these tests contains the word HUSH.
    static std::string document(std::string_view expiration = "2026-01-01T06:00:00Z") {
        return R"({"Code":"Success","AccessKeyId":"ASIA","SecretAccessKey":"HUSH","Token":"HUSH-T","Expiration":")" +
               std::string(expiration) + R"("})";
    }

    SimLoop loop;  // its time is 2026-01-01T00:00:00Z
    Environment environment;
    WrittenFiles files;
    WrittenServers servers{loop};
    Surroundings surroundings{.env =
                                  [this](std::string_view name) {
                                      const auto found = environment.find(name);
                                      return found == environment.end() ? std::nullopt : std::optional(found->second);
                                  },
                              .files = files,
                              .http = servers,
                              .clock = loop.clock()};
    Credentials last;
    std::string detail;
};

}  // namespace orderflow::aws
