module github.com/workerenv/workerenv

go 1.26
