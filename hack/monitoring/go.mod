// The CRDs of the Prometheus operator, against which the tests of the chart check what they make.
module monitoring

go 1.26.0

require github.com/prometheus-operator/prometheus-operator v0.85.0
