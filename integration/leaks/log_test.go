package leaks_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// loggers are the probes that log.
var loggers = map[string]probe{
	"zap JSON": func(p place) string { return probeZap(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), p.x) },
	"zap console": func(p place) string {
		return probeZap(zapcore.NewConsoleEncoder(zap.NewDevelopmentEncoderConfig()), p.x)
	},
	"zerolog":          func(p place) string { return probeZerolog(p.x, func(w io.Writer) io.Writer { return w }) },
	"zerolog console":  func(p place) string { return probeZerolog(p.x, consoleWriter) },
	"logrus text":      func(p place) string { return probeLogrus(&logrus.TextFormatter{}, p.x) },
	"logrus JSON":      func(p place) string { return probeLogrus(&logrus.JSONFormatter{}, p.x) },
	"logrus in colour": func(p place) string { return probeLogrus(&logrus.TextFormatter{ForceColors: true}, p.x) },
}

func probeZap(e zapcore.Encoder, x any) string {
	var b bytes.Buffer
	l := zap.New(zapcore.NewCore(e, zapcore.AddSync(&b), zapcore.DebugLevel), zap.AddCaller())
	l.Info("a", zap.Any("any", x), zap.Reflect("reflect", x), zap.Error(fmt.Errorf("wrapped: %+v", x)))
	l.With(zap.Any("any", x)).Info("b", zap.Dict("d", zap.Any("any", x)), zap.Errors("errs", []error{fmt.Errorf("%v", x)}))
	if s, ok := x.(fmt.Stringer); ok {
		l.Info("c", zap.Stringer("s", s))
	}
	if err, ok := x.(error); ok {
		l.Info("d", zap.Error(err), zap.NamedError("e", errors.Join(err)))
	}
	s := l.Sugar()
	s.Infow("e", "k", x, x, "no key")
	s.Infof("%v %+v %#v", x, x, x)
	s.Info(x)
	return b.String()
}

func consoleWriter(w io.Writer) io.Writer {
	return zerolog.ConsoleWriter{Out: w, FormatFieldValue: func(x any) string { return fmt.Sprint(x) }}
}

func probeZerolog(x any, writer func(io.Writer) io.Writer) string {
	var b bytes.Buffer
	l := zerolog.New(writer(&b))
	l.Info().Interface("i", x).Any("a", x).Fields(map[string]any{"f": x}).Fields([]any{"g", x}).Type("t", x).Msg("a")
	l.Info().Err(fmt.Errorf("wrapped: %+v", x)).Dict("d", zerolog.Dict().Interface("i", x)).
		Array("l", zerolog.Arr().Interface(x)).Msgf("%v", x)
	if s, ok := x.(fmt.Stringer); ok {
		l.Info().Stringer("s", s).Stringers("l", []fmt.Stringer{s}).Msg("b")
	}
	if err, ok := x.(error); ok {
		l.Info().Err(err).AnErr("e", err).Errs("l", []error{err}).Msg("c")
	}
	with := l.With().Interface("i", x).Fields(map[string]any{"f": x}).Logger()
	with.Print(x)
	with.Printf("%+v", x)
	return b.String()
}

func probeLogrus(f logrus.Formatter, x any) string {
	var b bytes.Buffer
	l := logrus.New()
	l.Out, l.Formatter = &b, f
	l.WithField("k", x).WithFields(logrus.Fields{"l": x}).Info("a")
	l.WithError(fmt.Errorf("wrapped: %+v", x)).Infof("%v %+v %#v", x, x, x)
	if err, ok := x.(error); ok {
		l.WithError(err).Info("b")
	}
	l.Info(x)
	l.Infoln("c", x)
	return b.String()
}
