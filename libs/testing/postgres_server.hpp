// PostgresServer: a real PostgreSQL of a test's own, in a directory that ends with it, on a Unix socket that only this
// machine's users reach. Commits are synced (fsync on). It does not outlive the thread that started it.
#pragma once

#include <string>
#include <vector>

#include "libs/testing/postgres_node.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow {

class PostgresServer {
  public:
    // Makes the cluster and starts it. Throws when PostgreSQL is not installed or does not start. `settings`: over
    // those of PostgresNode.
    explicit PostgresServer(std::vector<std::string> settings = {});

    // The URL of a namespace (schema) that is new and empty: each test has its own.
    std::string url();
    // The same namespace for the user `user`, who logs in with `password`: "shopper", whose password is "right", and
    // who may do nothing until sql() grants it.
    std::string url_as(const std::string& user, const std::string& password) const;

    void kill() { node_.kill(); }    // SIGKILL to the server itself; its children notice
    void start() { node_.start(); }  // again, and waits until it takes connections
    // Runs SQL as the superuser, in the namespace of the last url(). Throws what the server says.
    std::string sql(const std::string& text) const;

    PostgresNode& node() noexcept { return node_; }

  private:
    std::string search_path() const;
    std::string socket_url(const std::string& login) const;

    TempDir dir_;
    PostgresNode node_;
    int namespaces_ = 0;
};

}  // namespace orderflow
