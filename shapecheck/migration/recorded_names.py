"""Every public name and argument of Keras 3.15.1, and of tensorflow.keras of TensorFlow 2.21.0.

Written by `python -m tests.oracle.record_names`, which says how. A module's text holds a word for each name: `name`, or
`name(first,second)` for what can be called (* as in Python, ** for any keyword), or `name=path` for another name of the same
thing. TENSORFLOW holds the modules that differ there, PRIVATE the modules that are left of tensorflow.python.keras (""), and the names
of the upper ones ("*": of itself).
"""

# ruff: noqa: E501

VERSION = "3.15.1"
TENSORFLOW_VERSION = "2.21.0"
KERAS: dict[str, str] = {
    "": """
DTypePolicy=dtype_policies.DTypePolicy FloatDTypePolicy=dtype_policies.FloatDTypePolicy Function(inputs,outputs,name)
Initializer=initializers.Initializer Input=layers.Input InputSpec=layers.InputSpec
KerasTensor(shape,dtype,sparse,ragged,record_history,name) Layer=layers.Layer Loss=losses.Loss Metric=metrics.Metric Model=models.Model
Operation(name) Optimizer=optimizers.Optimizer Quantizer=quantizers.Quantizer Regularizer=regularizers.Regularizer
RematScope(mode,output_size_threshold,layer_names) Sequential=models.Sequential
StatelessScope(state_mapping,collect_losses,initialize_variables) SymbolicScope()
Variable(initializer,shape,dtype,trainable,autocast,aggregation,synchronization,name,layout,**) device(device_name)
name_scope(name,*,caller,deduplicate,override_parent,**) remat(f)
""",
    "activations": """
celu(x,alpha) deserialize(config,custom_objects) elu(x,alpha) exponential(x) gelu(x,approximate) get(identifier) glu(x,axis)
hard_shrink(x,threshold) hard_sigmoid(x) hard_silu(x) hard_swish=activations.hard_silu hard_tanh(x) leaky_relu(x,negative_slope)
linear(x) log_sigmoid(x) log_softmax(x,axis) mish(x) relu(x,negative_slope,max_value,threshold) relu6(x) selu(x) serialize(activation)
sigmoid(x) silu(x) soft_shrink(x,threshold) softmax(x,axis) softplus(x) softsign(x) sparse_plus(x) sparse_sigmoid(x) sparsemax(x,axis)
squareplus(x,b) swish=activations.silu tanh(x) tanh_shrink(x) threshold(x,threshold,default_value)
""",
    "applications": """
ConvNeXtBase=applications.convnext.ConvNeXtBase ConvNeXtLarge=applications.convnext.ConvNeXtLarge
ConvNeXtSmall=applications.convnext.ConvNeXtSmall ConvNeXtTiny=applications.convnext.ConvNeXtTiny
ConvNeXtXLarge=applications.convnext.ConvNeXtXLarge DenseNet121=applications.densenet.DenseNet121
DenseNet169=applications.densenet.DenseNet169 DenseNet201=applications.densenet.DenseNet201
EfficientNetB0=applications.efficientnet.EfficientNetB0 EfficientNetB1=applications.efficientnet.EfficientNetB1
EfficientNetB2=applications.efficientnet.EfficientNetB2 EfficientNetB3=applications.efficientnet.EfficientNetB3
EfficientNetB4=applications.efficientnet.EfficientNetB4 EfficientNetB5=applications.efficientnet.EfficientNetB5
EfficientNetB6=applications.efficientnet.EfficientNetB6 EfficientNetB7=applications.efficientnet.EfficientNetB7
EfficientNetV2B0=applications.efficientnet_v2.EfficientNetV2B0 EfficientNetV2B1=applications.efficientnet_v2.EfficientNetV2B1
EfficientNetV2B2=applications.efficientnet_v2.EfficientNetV2B2 EfficientNetV2B3=applications.efficientnet_v2.EfficientNetV2B3
EfficientNetV2L=applications.efficientnet_v2.EfficientNetV2L EfficientNetV2M=applications.efficientnet_v2.EfficientNetV2M
EfficientNetV2S=applications.efficientnet_v2.EfficientNetV2S InceptionResNetV2=applications.inception_resnet_v2.InceptionResNetV2
InceptionV3=applications.inception_v3.InceptionV3 MobileNet=applications.mobilenet.MobileNet
MobileNetV2=applications.mobilenet_v2.MobileNetV2
MobileNetV3Large(input_shape,alpha,minimalistic,include_top,weights,input_tensor,classes,pooling,dropout_rate,classifier_activation,include_preprocessing,name)
MobileNetV3Small(input_shape,alpha,minimalistic,include_top,weights,input_tensor,classes,pooling,dropout_rate,classifier_activation,include_preprocessing,name)
NASNetLarge=applications.nasnet.NASNetLarge NASNetMobile=applications.nasnet.NASNetMobile ResNet101=applications.resnet.ResNet101
ResNet101V2=applications.resnet_v2.ResNet101V2 ResNet152=applications.resnet.ResNet152 ResNet152V2=applications.resnet_v2.ResNet152V2
ResNet50=applications.resnet.ResNet50 ResNet50V2=applications.resnet_v2.ResNet50V2 VGG16=applications.vgg16.VGG16
VGG19=applications.vgg19.VGG19 Xception=applications.xception.Xception
""",
    "applications.convnext": """
ConvNeXtBase(include_top,include_preprocessing,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
ConvNeXtLarge(include_top,include_preprocessing,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
ConvNeXtSmall(include_top,include_preprocessing,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
ConvNeXtTiny(include_top,include_preprocessing,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
ConvNeXtXLarge(include_top,include_preprocessing,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
decode_predictions(preds,top) preprocess_input(x,data_format)
""",
    "applications.densenet": """
DenseNet121(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
DenseNet169(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
DenseNet201(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name) decode_predictions(preds,top)
preprocess_input(x,data_format)
""",
    "applications.efficientnet": """
EfficientNetB0(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
EfficientNetB1(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
EfficientNetB2(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
EfficientNetB3(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
EfficientNetB4(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
EfficientNetB5(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
EfficientNetB6(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
EfficientNetB7(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name) decode_predictions(preds,top)
preprocess_input(x,data_format)
""",
    "applications.efficientnet_v2": """
EfficientNetV2B0(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,include_preprocessing,name)
EfficientNetV2B1(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,include_preprocessing,name)
EfficientNetV2B2(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,include_preprocessing,name)
EfficientNetV2B3(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,include_preprocessing,name)
EfficientNetV2L(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,include_preprocessing,name)
EfficientNetV2M(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,include_preprocessing,name)
EfficientNetV2S(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,include_preprocessing,name)
decode_predictions(preds,top) preprocess_input(x,data_format)
""",
    "applications.imagenet_utils": "decode_predictions(preds,top) preprocess_input(x,data_format,mode)",
    "applications.inception_resnet_v2": """
InceptionResNetV2(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name) decode_predictions(preds,top)
preprocess_input(x,data_format)
""",
    "applications.inception_v3": """
InceptionV3(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name) decode_predictions(preds,top)
preprocess_input(x,data_format)
""",
    "applications.mobilenet": """
MobileNet(input_shape,alpha,depth_multiplier,dropout,include_top,weights,input_tensor,pooling,classes,classifier_activation,name)
decode_predictions(preds,top) preprocess_input(x,data_format)
""",
    "applications.mobilenet_v2": """
MobileNetV2(input_shape,alpha,include_top,weights,input_tensor,pooling,classes,classifier_activation,name) decode_predictions(preds,top)
preprocess_input(x,data_format)
""",
    "applications.mobilenet_v3": "decode_predictions(preds,top) preprocess_input(x,data_format)",
    "applications.nasnet": """
NASNetLarge(input_shape,include_top,weights,input_tensor,pooling,classes,classifier_activation,name)
NASNetMobile(input_shape,include_top,weights,input_tensor,pooling,classes,classifier_activation,name) decode_predictions(preds,top)
preprocess_input(x,data_format)
""",
    "applications.resnet": """
ResNet101(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
ResNet152(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
ResNet50(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name) decode_predictions(preds,top)
preprocess_input(x,data_format)
""",
    "applications.resnet50": """
ResNet50=applications.resnet.ResNet50 decode_predictions=applications.resnet.decode_predictions
preprocess_input=applications.resnet.preprocess_input
""",
    "applications.resnet_v2": """
ResNet101V2(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
ResNet152V2(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name)
ResNet50V2(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name) decode_predictions(preds,top)
preprocess_input(x,data_format)
""",
    "applications.vgg16": """
VGG16(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name) decode_predictions(preds,top)
preprocess_input(x,data_format)
""",
    "applications.vgg19": """
VGG19(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name) decode_predictions(preds,top)
preprocess_input(x,data_format)
""",
    "applications.xception": """
Xception(include_top,weights,input_tensor,input_shape,pooling,classes,classifier_activation,name) decode_predictions(preds,top)
preprocess_input(x,data_format)
""",
    "backend": """
backend() clear_session(free_memory) epsilon() floatx() get_uid(prefix) image_data_format() is_float_dtype(dtype) is_int_dtype(dtype)
is_keras_tensor(x) result_type(*dtypes) set_epsilon(value) set_floatx(value) set_image_data_format(data_format) standardize_dtype(dtype)
""",
    "callbacks": """
BackupAndRestore(backup_dir,save_freq,double_checkpoint,delete_checkpoint) CSVLogger(filename,separator,append) Callback()
CallbackList(callbacks,add_history,add_progbar,model,**)
EarlyStopping(monitor,min_delta,patience,verbose,mode,baseline,restore_best_weights,start_from_epoch) History()
LambdaCallback(on_epoch_begin,on_epoch_end,on_train_begin,on_train_end,on_train_batch_begin,on_train_batch_end,**)
LearningRateScheduler(schedule,verbose)
ModelCheckpoint(filepath,monitor,verbose,save_best_only,save_weights_only,mode,save_freq,initial_value_threshold)
OrbaxCheckpoint(directory,monitor,verbose,save_best_only,mode,save_freq,initial_value_threshold,max_to_keep,save_on_background,save_weights_only)
ProgbarLogger() ReduceLROnPlateau(monitor,factor,patience,verbose,mode,min_delta,cooldown,min_lr,*,baseline,**)
RemoteMonitor(root,path,field,headers,send_as_json) SwapEMAWeights(swap_on_epoch)
TensorBoard(log_dir,histogram_freq,write_graph,write_images,write_steps_per_second,update_freq,profile_batch,embeddings_freq,embeddings_metadata)
TerminateOnNaN(raise_error)
""",
    "config": """
backend=backend.backend disable_flash_attention() disable_interactive_logging() disable_traceback_filtering() dtype_policy()
enable_flash_attention() enable_interactive_logging() enable_traceback_filtering() enable_unsafe_deserialization()
epsilon=backend.epsilon floatx=backend.floatx image_data_format=backend.image_data_format is_flash_attention_enabled()
is_interactive_logging_enabled() is_nnx_enabled() is_traceback_filtering_enabled() max_epochs() max_steps_per_epoch()
set_backend(backend) set_dtype_policy(policy) set_epsilon=backend.set_epsilon set_floatx=backend.set_floatx
set_image_data_format=backend.set_image_data_format set_max_epochs(max_epochs) set_max_steps_per_epoch(max_steps_per_epoch)
""",
    "constraints": """
Constraint() MaxNorm(max_value,axis) MinMaxNorm(min_value,max_value,rate,axis) NonNeg() UnitNorm(axis)
deserialize(config,custom_objects) get(identifier) max_norm=constraints.MaxNorm min_max_norm=constraints.MinMaxNorm
non_neg=constraints.NonNeg serialize(constraint) unit_norm=constraints.UnitNorm
""",
    "datasets": "",
    "datasets.boston_housing": "load_data(path,test_split,seed)",
    "datasets.california_housing": "load_data(version,path,test_split,seed)",
    "datasets.cifar10": "load_data()",
    "datasets.cifar100": "load_data(label_mode)",
    "datasets.fashion_mnist": "load_data()",
    "datasets.imdb": "get_word_index(path) load_data(path,num_words,skip_top,maxlen,seed,start_char,oov_char,index_from,**)",
    "datasets.mnist": "load_data(path)",
    "datasets.reuters": "get_label_names() get_word_index(path) load_data(path,num_words,skip_top,maxlen,test_split,seed,start_char,oov_char,index_from)",
    "distillation": """
DistillationLoss() Distiller(teacher,student,distillation_losses,distillation_loss_weights,student_loss_weight,name,**)
FeatureDistillation(loss,teacher_layer_name,student_layer_name) LogitsDistillation(temperature,loss)
""",
    "distribution": """
DataParallel(device_mesh,devices,auto_shard_dataset) DeviceMesh(shape,axis_names,devices) LayoutMap(device_mesh)
ModelParallel(*,layout_map,batch_dim_name,auto_shard_dataset,device_mesh,**) TensorLayout(axes,device_mesh)
distribute_tensor(tensor,layout) distribution() get_device_count(device_type) initialize(job_addresses,num_processes,process_id)
list_devices(device_type) set_distribution(value)
""",
    "dtype_policies": """
AWQDTypePolicy(mode,source_name) DTypePolicy(name) DTypePolicyMap(default_policy,policy_map) FloatDTypePolicy(name)
GPTQDTypePolicy(mode,source_name) Int4DTypePolicy(mode,source_name) QuantizedDTypePolicy(mode,source_name)
QuantizedFloat8DTypePolicy(mode,source_name,amax_history_length) deserialize(config,custom_objects) get(identifier)
serialize(dtype_policy)
""",
    "export": "ExportArchive()",
    "initializers": """
Constant(value) GlorotNormal(seed,input_axes,output_axes) GlorotUniform(seed,input_axes,output_axes)
HeNormal(seed,input_axes,output_axes) HeUniform(seed,input_axes,output_axes) Identity(gain) IdentityInitializer=initializers.Identity
Initializer() LecunNormal(seed,input_axes,output_axes) LecunUniform(seed,input_axes,output_axes) Ones() Orthogonal(gain,seed)
OrthogonalInitializer=initializers.Orthogonal RandomNormal(mean,stddev,seed) RandomUniform(minval,maxval,seed)
STFT(side,window,scaling,periodic) STFTInitializer=initializers.STFT TruncatedNormal(mean,stddev,seed)
VarianceScaling(scale,mode,distribution,seed,input_axes,output_axes) Zeros() constant=initializers.Constant
deserialize(config,custom_objects) get(identifier) glorot_normal=initializers.GlorotNormal glorot_uniform=initializers.GlorotUniform
he_normal=initializers.HeNormal he_uniform=initializers.HeUniform identity=initializers.Identity lecun_normal=initializers.LecunNormal
lecun_uniform=initializers.LecunUniform ones=initializers.Ones orthogonal=initializers.Orthogonal
random_normal=initializers.RandomNormal random_uniform=initializers.RandomUniform serialize(initializer) stft=initializers.STFT
truncated_normal=initializers.TruncatedNormal variance_scaling=initializers.VarianceScaling zeros=initializers.Zeros
""",
    "layers": """
Activation(activation,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
ActivityRegularization(l1,l2,*,input_shape,input_dim,trainable,dtype,autocast,name)
AdaptiveAveragePooling1D(output_size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AdaptiveAveragePooling2D(output_size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AdaptiveAveragePooling3D(output_size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AdaptiveMaxPooling1D(output_size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AdaptiveMaxPooling2D(output_size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AdaptiveMaxPooling3D(output_size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Add(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AdditiveAttention(use_scale,dropout,*,input_shape,input_dim,activity_regularizer,score_mode,seed,trainable,dtype,autocast,name)
AlphaDropout(rate,noise_shape,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Attention(use_scale,score_mode,dropout,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AugMix(value_range,num_chains,chain_depth,factor,alpha,all_ops,interpolation,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
AutoContrast(value_range,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,data_format,trainable,dtype,autocast,name)
Average(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AveragePooling1D(pool_size,strides,padding,data_format,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
AveragePooling2D(pool_size,strides,padding,data_format,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
AveragePooling3D(pool_size,strides,padding,data_format,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
AvgPool1D=layers.AveragePooling1D AvgPool2D=layers.AveragePooling2D AvgPool3D=layers.AveragePooling3D
BatchNormalization(axis,momentum,epsilon,center,scale,beta_initializer,gamma_initializer,moving_mean_initializer,moving_variance_initializer,beta_regularizer,gamma_regularizer,beta_constraint,gamma_constraint,renorm,renorm_clipping,renorm_momentum,synchronized,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Bidirectional(layer,merge_mode,weights,backward_layer,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
CategoryEncoding(num_tokens,output_mode,sparse,*,activity_regularizer,trainable,dtype,autocast,name,**)
CenterCrop(height,width,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
Concatenate(axis,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
ContrastLimitedAdaptiveHistogramEqualization(value_range,clip_limit,tile_grid_size,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
Conv1D(filters,kernel_size,strides,padding,data_format,dilation_rate,groups,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,*,input_shape,input_dim,lora_rank,lora_alpha,trainable,dtype,autocast,name)
Conv1DTranspose(filters,kernel_size,strides,padding,output_padding,data_format,dilation_rate,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
Conv2D(filters,kernel_size,strides,padding,data_format,dilation_rate,groups,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,*,input_shape,input_dim,lora_rank,lora_alpha,trainable,dtype,autocast,name)
Conv2DTranspose(filters,kernel_size,strides,padding,output_padding,data_format,dilation_rate,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
Conv3D(filters,kernel_size,strides,padding,data_format,dilation_rate,groups,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,*,input_shape,input_dim,lora_rank,lora_alpha,trainable,dtype,autocast,name)
Conv3DTranspose(filters,kernel_size,strides,padding,data_format,output_padding,dilation_rate,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
ConvLSTM1D(filters,kernel_size,strides,padding,data_format,dilation_rate,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,unit_forget_bias,kernel_regularizer,recurrent_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,return_sequences,return_state,go_backwards,stateful,*,input_shape,input_dim,unroll,zero_output_for_mask,trainable,dtype,autocast,name)
ConvLSTM2D(filters,kernel_size,strides,padding,data_format,dilation_rate,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,unit_forget_bias,kernel_regularizer,recurrent_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,return_sequences,return_state,go_backwards,stateful,*,input_shape,input_dim,unroll,zero_output_for_mask,trainable,dtype,autocast,name)
ConvLSTM3D(filters,kernel_size,strides,padding,data_format,dilation_rate,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,unit_forget_bias,kernel_regularizer,recurrent_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,return_sequences,return_state,go_backwards,stateful,*,input_shape,input_dim,unroll,zero_output_for_mask,trainable,dtype,autocast,name)
Convolution1D=layers.Conv1D Convolution1DTranspose=layers.Conv1DTranspose Convolution2D=layers.Conv2D
Convolution2DTranspose=layers.Conv2DTranspose Convolution3D=layers.Conv3D Convolution3DTranspose=layers.Conv3DTranspose
Cropping1D(cropping,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Cropping2D(cropping,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Cropping3D(cropping,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
CutMix(factor,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
Dense(units,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,lora_rank,lora_alpha,quantization_config,*,input_shape,input_dim,trainable,dtype,autocast,name)
DepthwiseConv1D(kernel_size,strides,padding,depth_multiplier,data_format,dilation_rate,activation,use_bias,depthwise_initializer,bias_initializer,depthwise_regularizer,bias_regularizer,activity_regularizer,depthwise_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
DepthwiseConv2D(kernel_size,strides,padding,depth_multiplier,data_format,dilation_rate,activation,use_bias,depthwise_initializer,bias_initializer,depthwise_regularizer,bias_regularizer,activity_regularizer,depthwise_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
Discretization(bin_boundaries,num_bins,epsilon,output_mode,sparse,dtype,name)
Dot(axes,normalize,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Dropout(rate,noise_shape,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
ELU(alpha,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
EinsumDense(equation,output_shape,activation,bias_axes,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,kernel_constraint,bias_constraint,lora_rank,lora_alpha,gptq_unpacked_column_size,quantization_config,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Embedding(input_dim,output_dim,embeddings_initializer,embeddings_regularizer,embeddings_constraint,mask_zero,weights,lora_rank,lora_alpha,quantization_config,*,input_shape,input_length,activity_regularizer,trainable,dtype,autocast,name)
Equalization(value_range,bins,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
Flatten(data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
FlaxLayer(module,method,variables,*,call_fn,init_fn,params,state,seed,native_serialization_platforms,activity_regularizer,trainable,dtype,autocast,name,**)
GRU(units,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,kernel_regularizer,recurrent_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,return_sequences,return_state,go_backwards,stateful,unroll,reset_after,use_cudnn,*,input_shape,input_dim,implementation,zero_output_for_mask,trainable,dtype,autocast,name)
GRUCell(units,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,kernel_regularizer,recurrent_regularizer,bias_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,reset_after,seed,*,input_shape,input_dim,implementation,activity_regularizer,trainable,dtype,autocast,name)
GaussianDropout(rate,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GaussianNoise(stddev,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalAveragePooling1D(data_format,keepdims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalAveragePooling2D(data_format,keepdims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalAveragePooling3D(data_format,keepdims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalAvgPool1D=layers.GlobalAveragePooling1D GlobalAvgPool2D=layers.GlobalAveragePooling2D
GlobalAvgPool3D=layers.GlobalAveragePooling3D
GlobalMaxPool1D(data_format,keepdims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalMaxPool2D(data_format,keepdims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalMaxPool3D(data_format,keepdims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalMaxPooling1D=layers.GlobalMaxPool1D GlobalMaxPooling2D=layers.GlobalMaxPool2D GlobalMaxPooling3D=layers.GlobalMaxPool3D
GroupNormalization(groups,axis,epsilon,center,scale,beta_initializer,gamma_initializer,beta_regularizer,gamma_regularizer,beta_constraint,gamma_constraint,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GroupQueryAttention(head_dim,num_query_heads,num_key_value_heads,dropout,use_bias,sliding_window,flash_attention,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,use_gate,seed,*,input_shape,input_dim,trainable,dtype,autocast,name)
HashedCrossing(num_bins,output_mode,sparse,name,dtype,*,activity_regularizer,trainable,autocast,**)
Hashing(num_bins,mask_value,salt,output_mode,sparse,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Identity(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Input(shape,batch_size,dtype,sparse,ragged,batch_shape,name,tensor,optional)
InputLayer(shape,batch_size,dtype,sparse,ragged,batch_shape,input_tensor,optional,name,*,activity_regularizer,trainable,autocast,**)
InputSpec(dtype,shape,ndim,max_ndim,min_ndim,axes,allow_last_axis_squeeze,name,optional)
IntegerLookup(max_tokens,num_oov_indices,mask_token,oov_token,vocabulary,vocabulary_dtype,idf_weights,invert,output_mode,sparse,pad_to_max_tokens,oov_method,salt,name,*,activity_regularizer,trainable,dtype,autocast)
JaxLayer(call_fn,init_fn,params,state,seed,native_serialization_platforms,*,activity_regularizer,trainable,dtype,autocast,name,**)
LSTM(units,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,unit_forget_bias,kernel_regularizer,recurrent_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,return_sequences,return_state,go_backwards,stateful,unroll,use_cudnn,*,input_shape,input_dim,implementation,zero_output_for_mask,trainable,dtype,autocast,name)
LSTMCell(units,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,unit_forget_bias,kernel_regularizer,recurrent_regularizer,bias_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,*,input_shape,input_dim,implementation,activity_regularizer,trainable,dtype,autocast,name)
Lambda(function,output_shape,mask,arguments,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Layer(*,activity_regularizer,trainable,dtype,autocast,name,input_shape,input_dim)
LayerNormalization(axis,epsilon,center,scale,beta_initializer,gamma_initializer,beta_regularizer,gamma_regularizer,beta_constraint,gamma_constraint,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
LeakyReLU(negative_slope,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Masking(mask_value,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
MaxNumBoundingBoxes(max_number,fill_value,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,data_format,trainable,dtype,autocast,name)
MaxPool1D(pool_size,strides,padding,data_format,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
MaxPool2D(pool_size,strides,padding,data_format,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
MaxPool3D(pool_size,strides,padding,data_format,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
MaxPooling1D=layers.MaxPool1D MaxPooling2D=layers.MaxPool2D MaxPooling3D=layers.MaxPool3D
Maximum(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
MelSpectrogram(fft_length,sequence_stride,sequence_length,window,sampling_rate,num_mel_bins,min_freq,max_freq,power_to_db,top_db,mag_exp,min_power,ref_power,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Minimum(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
MixUp(alpha,data_format,seed,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
MultiHeadAttention(num_heads,key_dim,value_dim,dropout,use_bias,output_shape,attention_axes,sliding_window,flash_attention,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,use_gate,seed,*,input_shape,input_dim,trainable,dtype,autocast,name)
Multiply(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Normalization(axis,mean,variance,invert,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
PReLU(alpha_initializer,alpha_regularizer,alpha_constraint,shared_axes,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Permute(dims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name) Pipeline(layers,name)
RMSNormalization(axis,epsilon,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
RNN(cell,return_sequences,return_state,go_backwards,stateful,unroll,zero_output_for_mask,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
RandAugment(value_range,num_ops,factor,interpolation,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomBrightness(factor,value_range,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,data_format,trainable,dtype,autocast,name)
RandomColorDegeneration(factor,value_range,data_format,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomColorJitter(value_range,brightness_factor,contrast_factor,saturation_factor,hue_factor,seed,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
RandomContrast(factor,value_range,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,data_format,trainable,dtype,autocast,name)
RandomCrop(height,width,seed,data_format,name,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast)
RandomElasticTransform(factor,scale,interpolation,fill_mode,fill_value,value_range,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomErasing(factor,scale,fill_value,value_range,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomFlip(mode,seed,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
RandomGaussianBlur(factor,kernel_size,sigma,value_range,data_format,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomGrayscale(factor,data_format,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomHue(factor,value_range,data_format,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomInvert(factor,value_range,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomPerspective(factor,scale,interpolation,fill_value,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomPosterization(factor,value_range,data_format,seed,*,bounding_box_format,activity_regularizer,trainable,dtype,autocast,name,**)
RandomRotation(factor,fill_mode,interpolation,seed,fill_value,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomSaturation(factor,value_range,data_format,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomSharpness(factor,value_range,data_format,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomShear(x_factor,y_factor,interpolation,fill_mode,fill_value,data_format,seed,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
RandomTranslation(height_factor,width_factor,fill_mode,interpolation,seed,fill_value,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
RandomZoom(height_factor,width_factor,fill_mode,interpolation,seed,fill_value,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
ReLU(max_value,negative_slope,threshold,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
RepeatVector(n,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Rescaling(scale,offset,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Reshape(target_shape,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Resizing(height,width,interpolation,crop_to_aspect_ratio,pad_to_aspect_ratio,fill_mode,fill_value,antialias,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
ReversibleEmbedding(input_dim,output_dim,tie_weights,embeddings_initializer,embeddings_regularizer,embeddings_constraint,mask_zero,reverse_dtype,logit_soft_cap,*,input_shape,input_length,weights,activity_regularizer,lora_rank,lora_alpha,quantization_config,trainable,dtype,autocast,name)
STFTSpectrogram(mode,frame_length,frame_step,fft_length,window,periodic,scaling,padding,expand_dims,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
SeparableConv1D(filters,kernel_size,strides,padding,data_format,dilation_rate,depth_multiplier,activation,use_bias,depthwise_initializer,pointwise_initializer,bias_initializer,depthwise_regularizer,pointwise_regularizer,bias_regularizer,activity_regularizer,depthwise_constraint,pointwise_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
SeparableConv2D(filters,kernel_size,strides,padding,data_format,dilation_rate,depth_multiplier,activation,use_bias,depthwise_initializer,pointwise_initializer,bias_initializer,depthwise_regularizer,pointwise_regularizer,bias_regularizer,activity_regularizer,depthwise_constraint,pointwise_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
SeparableConvolution1D=layers.SeparableConv1D SeparableConvolution2D=layers.SeparableConv2D
SimpleRNN(units,activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,kernel_regularizer,recurrent_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,return_sequences,return_state,go_backwards,stateful,unroll,seed,*,input_shape,input_dim,zero_output_for_mask,trainable,dtype,autocast,name)
SimpleRNNCell(units,activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,kernel_regularizer,recurrent_regularizer,bias_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Softmax(axis,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Solarization(addition_factor,threshold_factor,value_range,seed,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,data_format,trainable,dtype,autocast,name)
SpatialDropout1D(rate,seed,name,dtype) SpatialDropout2D(rate,data_format,seed,name,dtype)
SpatialDropout3D(rate,data_format,seed,name,dtype)
SpectralNormalization(layer,power_iterations,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
StackedRNNCells(cells,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
StringLookup(max_tokens,num_oov_indices,mask_token,oov_token,vocabulary,idf_weights,invert,output_mode,pad_to_max_tokens,sparse,encoding,name,salt,*,activity_regularizer,oov_method,trainable,dtype,autocast)
Subtract(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
TFSMLayer(filepath,call_endpoint,call_training_endpoint,trainable,name,dtype)
TextVectorization(max_tokens,standardize,split,ngrams,output_mode,output_sequence_length,pad_to_max_tokens,vocabulary,idf_weights,sparse,ragged,encoding,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
TimeDistributed(layer,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
TorchModuleWrapper(module,name,output_shape,*,activity_regularizer,trainable,dtype,autocast,**)
UnitNormalization(axis,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
UpSampling1D(size,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
UpSampling2D(size,data_format,interpolation,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
UpSampling3D(size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Wrapper(layer,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
ZeroPadding1D(padding,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
ZeroPadding2D(padding,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
ZeroPadding3D(padding,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name) add(inputs,**)
average(inputs,**) concatenate(inputs,axis,**) deserialize(config,custom_objects) dot(inputs,axes,**) maximum(inputs,**)
minimum(inputs,**) multiply(inputs,**) serialize(layer) subtract(inputs,**)
""",
    "legacy": "",
    "legacy.saving": "deserialize_keras_object(identifier,module_objects,custom_objects,printable_module_name) serialize_keras_object(instance)",
    "losses": """
BinaryCrossentropy(from_logits,label_smoothing,axis,reduction,name,dtype)
BinaryFocalCrossentropy(apply_class_balancing,alpha,gamma,from_logits,label_smoothing,axis,reduction,name,dtype)
CTC(reduction,name,dtype) CategoricalCrossentropy(from_logits,label_smoothing,axis,reduction,name,dtype)
CategoricalFocalCrossentropy(alpha,gamma,from_logits,label_smoothing,axis,reduction,name,dtype)
CategoricalGeneralizedCrossEntropy(q,reduction,name,dtype) CategoricalHinge(reduction,name,dtype)
Circle(gamma,margin,remove_diagonal,reduction,name,dtype) CosineSimilarity(axis,reduction,name,dtype) Dice(reduction,name,axis,dtype)
Hinge(reduction,name,dtype) Huber(delta,reduction,name,dtype) KLDivergence(reduction,name,dtype) LogCosh(reduction,name,dtype)
Loss(name,reduction,dtype) MeanAbsoluteError(reduction,name,dtype) MeanAbsolutePercentageError(reduction,name,dtype)
MeanSquaredError(reduction,name,dtype) MeanSquaredLogarithmicError(reduction,name,dtype) Poisson(reduction,name,dtype)
SparseCategoricalCrossentropy(from_logits,ignore_class,reduction,axis,name,dtype) SquaredHinge(reduction,name,dtype)
Tversky(alpha,beta,reduction,name,axis,dtype) binary_crossentropy(y_true,y_pred,from_logits,label_smoothing,axis)
binary_focal_crossentropy(y_true,y_pred,apply_class_balancing,alpha,gamma,from_logits,label_smoothing,axis)
categorical_crossentropy(y_true,y_pred,from_logits,label_smoothing,axis)
categorical_focal_crossentropy(y_true,y_pred,alpha,gamma,from_logits,label_smoothing,axis)
categorical_generalized_cross_entropy(y_true,y_pred,q) categorical_hinge(y_true,y_pred)
circle(y_true,y_pred,ref_labels,ref_embeddings,remove_diagonal,gamma,margin) cosine_similarity(y_true,y_pred,axis) ctc(y_true,y_pred)
deserialize(name,custom_objects) dice(y_true,y_pred,axis) get(identifier) hinge(y_true,y_pred) huber(y_true,y_pred,delta)
kl_divergence(y_true,y_pred) log_cosh(y_true,y_pred) mean_absolute_error(y_true,y_pred) mean_absolute_percentage_error(y_true,y_pred)
mean_squared_error(y_true,y_pred) mean_squared_logarithmic_error(y_true,y_pred) poisson(y_true,y_pred) serialize(loss)
sparse_categorical_crossentropy(y_true,y_pred,from_logits,ignore_class,axis) squared_hinge(y_true,y_pred)
tversky(y_true,y_pred,alpha,beta,axis)
""",
    "metrics": """
AUC(num_thresholds,curve,summation_method,name,dtype,thresholds,multi_label,num_labels,label_weights,from_logits) Accuracy(name,dtype)
BinaryAccuracy(name,dtype,threshold) BinaryCrossentropy(name,dtype,from_logits,label_smoothing)
BinaryIoU(target_class_ids,threshold,name,dtype) CategoricalAccuracy(name,dtype)
CategoricalCrossentropy(name,dtype,from_logits,label_smoothing,axis) CategoricalHinge(name,dtype)
ConcordanceCorrelation(name,dtype,axis) CosineSimilarity(name,dtype,axis) F1Score(average,threshold,name,dtype)
FBetaScore(average,beta,threshold,name,dtype) FalseNegatives(thresholds,name,dtype) FalsePositives(thresholds,name,dtype)
Hinge(name,dtype) IoU(num_classes,target_class_ids,name,dtype,ignore_class,sparse_y_true,sparse_y_pred,axis) KLDivergence(name,dtype)
LogCoshError(name,dtype) Mean(name,dtype) MeanAbsoluteError(name,dtype) MeanAbsolutePercentageError(name,dtype)
MeanIoU(num_classes,name,dtype,ignore_class,sparse_y_true,sparse_y_pred,axis) MeanMetricWrapper(fn,name,dtype,**)
MeanSquaredError(name,dtype) MeanSquaredLogarithmicError(name,dtype) Metric(dtype,name)
OneHotIoU(num_classes,target_class_ids,name,dtype,ignore_class,sparse_y_pred,axis)
OneHotMeanIoU(num_classes,name,dtype,ignore_class,sparse_y_pred,axis) PearsonCorrelation(name,dtype,axis) Poisson(name,dtype)
Precision(thresholds,top_k,class_id,name,dtype) PrecisionAtRecall(recall,num_thresholds,class_id,name,dtype)
R2Score(class_aggregation,num_regressors,name,dtype) Recall(thresholds,top_k,class_id,name,dtype)
RecallAtPrecision(precision,num_thresholds,class_id,name,dtype) RootMeanSquaredError(name,dtype)
SensitivityAtSpecificity(specificity,num_thresholds,class_id,name,dtype) SparseCategoricalAccuracy(name,dtype)
SparseCategoricalCrossentropy(name,dtype,from_logits,ignore_class,axis) SparseTopKCategoricalAccuracy(k,name,dtype,from_sorted_ids)
SpecificityAtSensitivity(sensitivity,num_thresholds,class_id,name,dtype) SquaredHinge(name,dtype) Sum(name,dtype)
TopKCategoricalAccuracy(k,name,dtype) TrueNegatives(thresholds,name,dtype) TruePositives(thresholds,name,dtype)
binary_accuracy(y_true,y_pred,threshold) binary_crossentropy=losses.binary_crossentropy
binary_focal_crossentropy=losses.binary_focal_crossentropy categorical_accuracy(y_true,y_pred)
categorical_crossentropy=losses.categorical_crossentropy categorical_focal_crossentropy=losses.categorical_focal_crossentropy
categorical_hinge=losses.categorical_hinge concordance_correlation(y_true,y_pred,axis) deserialize(config,custom_objects)
get(identifier) hinge=losses.hinge huber=losses.huber kl_divergence=losses.kl_divergence log_cosh=losses.log_cosh
mean_absolute_error=losses.mean_absolute_error mean_absolute_percentage_error=losses.mean_absolute_percentage_error
mean_squared_error=losses.mean_squared_error mean_squared_logarithmic_error=losses.mean_squared_logarithmic_error
pearson_correlation(y_true,y_pred,axis) poisson=losses.poisson serialize(metric) sparse_categorical_accuracy(y_true,y_pred)
sparse_categorical_crossentropy=losses.sparse_categorical_crossentropy
sparse_top_k_categorical_accuracy(y_true,y_pred,k,from_sorted_ids) squared_hinge=losses.squared_hinge
top_k_categorical_accuracy(y_true,y_pred,k)
""",
    "mixed_precision": """
DTypePolicy=dtype_policies.DTypePolicy
LossScaleOptimizer(inner_optimizer,initial_scale,dynamic_growth_steps,name,*,learning_rate,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,**)
Policy=dtype_policies.DTypePolicy dtype_policy=config.dtype_policy global_policy=config.dtype_policy
set_dtype_policy=config.set_dtype_policy set_global_policy=config.set_dtype_policy
""",
    "models": """
Model(*args,*,input_shape,input_dim) Sequential(layers,trainable,name)
clone_model(model,input_tensors,clone_function,call_function,recursive,**) load_model(filepath,custom_objects,compile,safe_mode)
model_from_json(json_string,custom_objects) save_model(model,filepath,overwrite,zipped,**)
""",
    "ops": """
abs=ops.numpy.abs absolute=ops.numpy.absolute adaptive_average_pool=ops.nn.adaptive_average_pool
adaptive_max_pool=ops.nn.adaptive_max_pool add=ops.numpy.add all=ops.numpy.all allclose=ops.numpy.allclose amax=ops.numpy.amax
amin=ops.numpy.amin angle=ops.numpy.angle any=ops.numpy.any append=ops.numpy.append arange=ops.numpy.arange arccos=ops.numpy.arccos
arccosh=ops.numpy.arccosh arcsin=ops.numpy.arcsin arcsinh=ops.numpy.arcsinh arctan=ops.numpy.arctan arctan2=ops.numpy.arctan2
arctanh=ops.numpy.arctanh argmax=ops.numpy.argmax argmin=ops.numpy.argmin argpartition=ops.numpy.argpartition argsort=ops.numpy.argsort
array=ops.numpy.array array_split=ops.numpy.array_split associative_scan(f,elems,reverse,axis) average=ops.numpy.average
average_pool=ops.nn.average_pool bartlett=ops.numpy.bartlett batch_normalization=ops.nn.batch_normalization
binary_crossentropy=ops.nn.binary_crossentropy bincount=ops.numpy.bincount bitwise_and=ops.numpy.bitwise_and
bitwise_invert=ops.numpy.bitwise_invert bitwise_left_shift=ops.numpy.bitwise_left_shift bitwise_not=ops.numpy.bitwise_not
bitwise_or=ops.numpy.bitwise_or bitwise_right_shift=ops.numpy.bitwise_right_shift bitwise_xor=ops.numpy.bitwise_xor
blackman=ops.numpy.blackman broadcast_to=ops.numpy.broadcast_to cast(x,dtype) categorical_crossentropy=ops.nn.categorical_crossentropy
cbrt=ops.numpy.cbrt cdist(x,y) ceil=ops.numpy.ceil celu=ops.nn.celu cholesky=ops.linalg.cholesky
cholesky_inverse=ops.linalg.cholesky_inverse clip=ops.numpy.clip concatenate=ops.numpy.concatenate cond(pred,true_fn,false_fn)
conj=ops.numpy.conj conjugate=ops.numpy.conjugate conv=ops.nn.conv conv_transpose=ops.nn.conv_transpose convert_to_numpy(x)
convert_to_tensor(x,dtype,sparse,ragged) copy=ops.numpy.copy corrcoef=ops.numpy.corrcoef correlate=ops.numpy.correlate cos=ops.numpy.cos
cosh=ops.numpy.cosh count_nonzero=ops.numpy.count_nonzero cross=ops.numpy.cross ctc_decode=ops.nn.ctc_decode ctc_loss=ops.nn.ctc_loss
cumprod=ops.numpy.cumprod cumsum=ops.numpy.cumsum custom_gradient(f) deg2rad=ops.numpy.deg2rad depth_to_space=ops.nn.depth_to_space
depthwise_conv=ops.nn.depthwise_conv det=ops.linalg.det diag=ops.numpy.diag diagflat=ops.numpy.diagflat diagonal=ops.numpy.diagonal
diff=ops.numpy.diff digitize=ops.numpy.digitize divide=ops.numpy.divide divide_no_nan=ops.numpy.divide_no_nan dot=ops.numpy.dot
dot_product_attention=ops.nn.dot_product_attention dsplit=ops.numpy.dsplit dstack=ops.numpy.dstack dtype(x) eig=ops.linalg.eig
eigh=ops.linalg.eigh einsum=ops.numpy.einsum elu=ops.nn.elu empty=ops.numpy.empty empty_like=ops.numpy.empty_like equal=ops.numpy.equal
erf(x) erfc(x) erfinv(x) exp=ops.numpy.exp exp2=ops.numpy.exp2 expand_dims=ops.numpy.expand_dims expm1=ops.numpy.expm1
extract_sequences(x,sequence_length,sequence_stride) eye=ops.numpy.eye fabs=ops.numpy.fabs fft(x) fft2(x) flip=ops.numpy.flip
fliplr=ops.numpy.fliplr flipud=ops.numpy.flipud floor=ops.numpy.floor floor_divide=ops.numpy.floor_divide fmax=ops.numpy.fmax
fmin=ops.numpy.fmin fmod=ops.numpy.fmod fold=ops.nn.fold fori_loop(lower,upper,body_fun,init_val) full=ops.numpy.full
full_like=ops.numpy.full_like gcd=ops.numpy.gcd gelu=ops.nn.gelu geomspace=ops.numpy.geomspace get_item=ops.numpy.get_item
glu=ops.nn.glu greater=ops.numpy.greater greater_equal=ops.numpy.greater_equal hamming=ops.numpy.hamming hanning=ops.numpy.hanning
hard_shrink=ops.nn.hard_shrink hard_sigmoid=ops.nn.hard_sigmoid hard_silu=ops.nn.hard_silu hard_swish=ops.nn.hard_silu
hard_tanh=ops.nn.hard_tanh heaviside=ops.numpy.heaviside histogram=ops.numpy.histogram hsplit=ops.numpy.hsplit hstack=ops.numpy.hstack
hypot=ops.numpy.hypot i0=ops.numpy.i0 identity=ops.numpy.identity ifft2(x) imag=ops.numpy.imag in_top_k(targets,predictions,k)
inner=ops.numpy.inner inv=ops.linalg.inv irfft(x,fft_length) is_tensor(x) isclose=ops.numpy.isclose isfinite=ops.numpy.isfinite
isin=ops.numpy.isin isinf=ops.numpy.isinf isnan=ops.numpy.isnan isneginf=ops.numpy.isneginf isposinf=ops.numpy.isposinf
isreal=ops.numpy.isreal istft(x,sequence_length,sequence_stride,fft_length,length,window,center) jvp=ops.linalg.jvp
kaiser=ops.numpy.kaiser kron=ops.numpy.kron layer_normalization=ops.nn.layer_normalization lcm=ops.numpy.lcm ldexp=ops.numpy.ldexp
leaky_relu=ops.nn.leaky_relu left_shift=ops.numpy.left_shift less=ops.numpy.less less_equal=ops.numpy.less_equal
linspace=ops.numpy.linspace log=ops.numpy.log log10=ops.numpy.log10 log1p=ops.numpy.log1p log2=ops.numpy.log2
log_sigmoid=ops.nn.log_sigmoid log_softmax=ops.nn.log_softmax logaddexp=ops.numpy.logaddexp logaddexp2=ops.numpy.logaddexp2 logdet(x)
logical_and=ops.numpy.logical_and logical_not=ops.numpy.logical_not logical_or=ops.numpy.logical_or logical_xor=ops.numpy.logical_xor
logspace=ops.numpy.logspace logsumexp(x,axis,keepdims) lstsq=ops.linalg.lstsq lu_factor=ops.linalg.lu_factor map(f,xs)
matmul=ops.numpy.matmul matrix_rank=ops.linalg.matrix_rank max=ops.numpy.max max_pool=ops.nn.max_pool maximum=ops.numpy.maximum
mean=ops.numpy.mean median=ops.numpy.median meshgrid=ops.numpy.meshgrid min=ops.numpy.min minimum=ops.numpy.minimum mod=ops.numpy.mod
moments=ops.nn.moments moveaxis=ops.numpy.moveaxis multi_hot=ops.nn.multi_hot multiply=ops.numpy.multiply
nan_to_num=ops.numpy.nan_to_num nanargmax=ops.numpy.nanargmax nanargmin=ops.numpy.nanargmin nancumprod=ops.numpy.nancumprod
nancumsum=ops.numpy.nancumsum nanmax=ops.numpy.nanmax nanmean=ops.numpy.nanmean nanmedian=ops.numpy.nanmedian nanmin=ops.numpy.nanmin
nanpercentile=ops.numpy.nanpercentile nanprod=ops.numpy.nanprod nanquantile=ops.numpy.nanquantile nanstd=ops.numpy.nanstd
nansum=ops.numpy.nansum nanvar=ops.numpy.nanvar ndim=ops.numpy.ndim negative=ops.numpy.negative nextafter=ops.numpy.nextafter
nonzero=ops.numpy.nonzero norm=ops.linalg.norm normalize=ops.nn.normalize not_equal=ops.numpy.not_equal one_hot=ops.nn.one_hot
ones=ops.numpy.ones ones_like=ops.numpy.ones_like outer=ops.numpy.outer pad=ops.numpy.pad percentile=ops.numpy.percentile
pinv=ops.linalg.pinv polar=ops.nn.polar power=ops.numpy.power prod=ops.numpy.prod psnr=ops.nn.psnr ptp=ops.numpy.ptp qr=ops.linalg.qr
quantile=ops.numpy.quantile rad2deg=ops.numpy.rad2deg ravel=ops.numpy.ravel real=ops.numpy.real rearrange(tensor,pattern,**)
reciprocal=ops.numpy.reciprocal relu=ops.nn.relu relu6=ops.nn.relu6 repeat=ops.numpy.repeat reshape=ops.numpy.reshape rfft(x,fft_length)
right_shift=ops.numpy.right_shift rms_normalization=ops.nn.rms_normalization roll=ops.numpy.roll rot90=ops.numpy.rot90
round=ops.numpy.round rsqrt(x) saturate_cast(x,dtype) scan(f,init,xs,length,reverse,unroll) scatter(indices,values,shape)
scatter_update(inputs,indices,updates,reduction) searchsorted=ops.numpy.searchsorted segment_max(data,segment_ids,num_segments,sorted)
segment_min(data,segment_ids,num_segments,sorted) segment_prod(data,segment_ids,num_segments,sorted)
segment_sum(data,segment_ids,num_segments,sorted) select=ops.numpy.select selu=ops.nn.selu separable_conv=ops.nn.separable_conv shape(x)
sigmoid=ops.nn.sigmoid sign=ops.numpy.sign signbit=ops.numpy.signbit silu=ops.nn.silu sin=ops.numpy.sin sinc=ops.numpy.sinc
sinh=ops.numpy.sinh size=ops.numpy.size slice(inputs,start_indices,shape) slice_update(inputs,start_indices,updates)
slogdet=ops.numpy.slogdet soft_shrink=ops.nn.soft_shrink softmax=ops.nn.softmax softplus=ops.nn.softplus softsign=ops.nn.softsign
solve=ops.linalg.solve solve_triangular=ops.linalg.solve_triangular sort=ops.numpy.sort space_to_depth=ops.nn.space_to_depth
sparse_categorical_crossentropy=ops.nn.sparse_categorical_crossentropy sparse_plus=ops.nn.sparse_plus
sparse_sigmoid=ops.nn.sparse_sigmoid sparsemax=ops.nn.sparsemax split=ops.numpy.split sqrt=ops.numpy.sqrt square=ops.numpy.square
squareplus=ops.nn.squareplus squeeze=ops.numpy.squeeze stack=ops.numpy.stack std=ops.numpy.std
stft(x,sequence_length,sequence_stride,fft_length,window,center) stop_gradient(variable) subtract=ops.numpy.subtract sum=ops.numpy.sum
svd=ops.linalg.svd swapaxes=ops.numpy.swapaxes swish=ops.nn.silu switch(index,branches,*operands) take=ops.numpy.take
take_along_axis=ops.numpy.take_along_axis tan=ops.numpy.tan tanh=ops.numpy.tanh tanh_shrink=ops.nn.tanh_shrink
tensordot=ops.numpy.tensordot threshold=ops.nn.threshold tile=ops.numpy.tile top_k(x,k,sorted) trace=ops.numpy.trace
transpose=ops.numpy.transpose trapezoid=ops.numpy.trapezoid tri=ops.numpy.tri tril=ops.numpy.tril triu=ops.numpy.triu
true_divide=ops.numpy.true_divide trunc=ops.numpy.trunc unfold=ops.nn.unfold unique=ops.numpy.unique
unravel_index=ops.numpy.unravel_index unstack(x,num,axis) vander=ops.numpy.vander var=ops.numpy.var vdot=ops.numpy.vdot
vectorize=ops.numpy.vectorize vectorized_map(function,elements) view=ops.numpy.view view_as_complex(x) view_as_real(x)
vsplit=ops.numpy.vsplit vstack=ops.numpy.vstack where=ops.numpy.where while_loop(cond,body,loop_vars,maximum_iterations)
zeros=ops.numpy.zeros zeros_like=ops.numpy.zeros_like
""",
    "ops.image": """
affine_transform(images,transform,interpolation,fill_mode,fill_value,data_format)
crop_images(images,top_cropping,left_cropping,bottom_cropping,right_cropping,target_height,target_width,data_format)
elastic_transform(images,alpha,sigma,interpolation,fill_mode,fill_value,seed,data_format)
extract_patches(images,size,strides,dilation_rate,padding,data_format)
extract_patches_3d(volumes,size,strides,dilation_rate,padding,data_format) gaussian_blur(images,kernel_size,sigma,data_format)
hsv_to_rgb(images,data_format) map_coordinates(inputs,coordinates,order,fill_mode,fill_value)
pad_images(images,top_padding,left_padding,bottom_padding,right_padding,target_height,target_width,data_format)
perspective_transform(images,start_points,end_points,interpolation,fill_value,data_format)
resize(images,size,interpolation,antialias,crop_to_aspect_ratio,pad_to_aspect_ratio,fill_mode,fill_value,data_format)
rgb_to_grayscale(images,data_format) rgb_to_hsv(images,data_format)
scale_and_translate(images,output_shape,scale,translation,spatial_dims,method,antialias) sobel_edges(images,data_format)
ssim(image1,image2,max_val,filter_size,filter_sigma,k1,k2,data_format)
""",
    "ops.linalg": """
cholesky(x,upper) cholesky_inverse(x,upper) det(x) eig(x) eigh(x) inv(x) jvp(fun,primals,tangents,has_aux) lstsq(a,b,rcond) lu_factor(x)
matrix_rank(x,tol) norm(x,ord,axis,keepdims) pinv(x,rcond) qr(x,mode) solve(a,b) solve_triangular(a,b,lower)
svd(x,full_matrices,compute_uv)
""",
    "ops.nn": """
adaptive_average_pool(inputs,output_size,data_format) adaptive_max_pool(inputs,output_size,data_format)
average_pool(inputs,pool_size,strides,padding,data_format) batch_normalization(x,mean,variance,axis,offset,scale,epsilon)
binary_crossentropy(target,output,from_logits) categorical_crossentropy(target,output,from_logits,axis) celu(x,alpha)
conv(inputs,kernel,strides,padding,data_format,dilation_rate)
conv_transpose(inputs,kernel,strides,padding,output_padding,data_format,dilation_rate)
ctc_decode(inputs,sequence_lengths,strategy,beam_width,top_paths,merge_repeated,mask_index)
ctc_loss(target,output,target_length,output_length,mask_index) depth_to_space(x,block_size,data_format)
depthwise_conv(inputs,kernel,strides,padding,data_format,dilation_rate)
dot_product_attention(query,key,value,bias,mask,scale,is_causal,flash_attention,attn_logits_soft_cap) elu(x,alpha)
fold(x,output_size,kernel_size,dilation,padding,stride) gelu(x,approximate) glu(x,axis) hard_shrink(x,threshold) hard_sigmoid(x)
hard_silu(x) hard_swish=ops.nn.hard_silu hard_tanh(x) layer_normalization(x,gamma,beta,axis,epsilon,**) leaky_relu(x,negative_slope)
log_sigmoid(x) log_softmax(x,axis) max_pool(inputs,pool_size,strides,padding,data_format) moments(x,axes,keepdims,synchronized)
multi_hot(inputs,num_classes,axis,dtype,sparse,**) normalize(x,axis,order,epsilon) one_hot(x,num_classes,axis,dtype,sparse)
polar(abs_,angle) psnr(x1,x2,max_val) relu(x) relu6(x) rms_normalization(x,scale,axis,epsilon) selu(x)
separable_conv(inputs,depthwise_kernel,pointwise_kernel,strides,padding,data_format,dilation_rate) sigmoid(x) silu(x)
soft_shrink(x,threshold) softmax(x,axis) softplus(x) softsign(x) space_to_depth(x,block_size,data_format)
sparse_categorical_crossentropy(target,output,from_logits,axis) sparse_plus(x) sparse_sigmoid(x) sparsemax(x,axis) squareplus(x,b)
swish=ops.nn.silu tanh_shrink(x) threshold(x,threshold,default_value) unfold(x,kernel_size,dilation,padding,stride)
""",
    "ops.numpy": """
abs(x) absolute(x) add(x1,x2) all(x,axis,keepdims) allclose(x1,x2,rtol,atol,equal_nan) amax(x,axis,keepdims) amin(x,axis,keepdims)
angle(x) any(x,axis,keepdims) append(x1,x2,axis) arange(start,stop,step,dtype) arccos(x) arccosh(x) arcsin(x) arcsinh(x) arctan(x)
arctan2(x1,x2) arctanh(x) argmax(x,axis,keepdims) argmin(x,axis,keepdims) argpartition(x,kth,axis) argsort(x,axis) array(x,dtype)
array_split(x,indices_or_sections,axis) average(x,axis,weights) bartlett(x) bincount(x,weights,minlength,sparse) bitwise_and(x,y)
bitwise_invert(x) bitwise_left_shift(x,y) bitwise_not(x) bitwise_or(x,y) bitwise_right_shift(x,y) bitwise_xor(x,y) blackman(x)
broadcast_to(x,shape) cbrt(x) ceil(x) clip(x,x_min,x_max) concatenate(xs,axis) conj(x) conjugate(x) copy(x) corrcoef(x)
correlate(x1,x2,mode) cos(x) cosh(x) count_nonzero(x,axis) cross(x1,x2,axisa,axisb,axisc,axis) cumprod(x,axis,dtype)
cumsum(x,axis,dtype) deg2rad(x) diag(x,k) diagflat(x,k) diagonal(x,offset,axis1,axis2) diff(a,n,axis) digitize(x,bins) divide(x1,x2)
divide_no_nan(x1,x2) dot(x1,x2) dsplit(x,indices_or_sections) dstack(xs) einsum(subscripts,*operands,**) empty(shape,dtype)
empty_like(x,dtype) equal(x1,x2) exp(x) exp2(x) expand_dims(x,axis) expm1(x) eye(N,M,k,dtype) fabs(x) flip(x,axis) fliplr(x) flipud(x)
floor(x) floor_divide(x1,x2) fmax(x1,x2) fmin(x1,x2) fmod(x1,x2) full(shape,fill_value,dtype) full_like(x,fill_value,dtype) gcd(x1,x2)
geomspace(start,stop,num,endpoint,dtype,axis) get_item(x,key) greater(x1,x2) greater_equal(x1,x2) hamming(x) hanning(x) heaviside(x1,x2)
histogram(x,bins,range) hsplit(x,indices_or_sections) hstack(xs) hypot(x1,x2) i0(x) identity(n,dtype) imag(x) inner(x1,x2)
isclose(x1,x2,rtol,atol,equal_nan) isfinite(x) isin(x1,x2,assume_unique,invert) isinf(x) isnan(x) isneginf(x) isposinf(x) isreal(x)
kaiser(x,beta) kron(x1,x2) lcm(x1,x2) ldexp(x1,x2) left_shift(x,y) less(x1,x2) less_equal(x1,x2)
linspace(start,stop,num,endpoint,retstep,dtype,axis) log(x) log10(x) log1p(x) log2(x) logaddexp(x1,x2) logaddexp2(x1,x2)
logical_and(x1,x2) logical_not(x) logical_or(x1,x2) logical_xor(x1,x2) logspace(start,stop,num,endpoint,base,dtype,axis) matmul(x1,x2)
max(x,axis,keepdims,initial) maximum(x1,x2) mean(x,axis,keepdims) median(x,axis,keepdims) meshgrid(*x,indexing)
min(x,axis,keepdims,initial) minimum(x1,x2) mod(x1,x2) moveaxis(x,source,destination) multiply(x1,x2) nan_to_num(x,nan,posinf,neginf)
nanargmax(x,axis,keepdims) nanargmin(x,axis,keepdims) nancumprod(x,axis,dtype) nancumsum(x,axis,dtype) nanmax(x,axis,keepdims)
nanmean(x,axis,keepdims) nanmedian(x,axis,keepdims) nanmin(x,axis,keepdims) nanpercentile(x,q,axis,method,keepdims)
nanprod(x,axis,keepdims) nanquantile(x,q,axis,method,keepdims) nanstd(x,axis,keepdims) nansum(x,axis,keepdims) nanvar(x,axis,keepdims)
ndim(x) negative(x) nextafter(x1,x2) nonzero(x) not_equal(x1,x2) ones(shape,dtype) ones_like(x,dtype) outer(x1,x2)
pad(x,pad_width,mode,constant_values) percentile(x,q,axis,method,keepdims) power(x1,x2) prod(x,axis,keepdims,dtype) ptp(x,axis,keepdims)
quantile(x,q,axis,method,keepdims) rad2deg(x) ravel(x) real(x) reciprocal(x) repeat(x,repeats,axis) reshape(x,newshape) right_shift(x,y)
roll(x,shift,axis) rot90(array,k,axes) round(x,decimals) searchsorted(sorted_sequence,values,side) select(condlist,choicelist,default)
sign(x) signbit(x) sin(x) sinc(x) sinh(x) size(x) slogdet(x) sort(x,axis) split(x,indices_or_sections,axis) sqrt(x) square(x)
squeeze(x,axis) stack(x,axis) std(x,axis,keepdims) subtract(x1,x2) sum(x,axis,keepdims) swapaxes(x,axis1,axis2) take(x,indices,axis)
take_along_axis(x,indices,axis) tan(x) tanh(x) tensordot(x1,x2,axes) tile(x,repeats) trace(x,offset,axis1,axis2) transpose(x,axes)
trapezoid(y,x,dx,axis) tri(N,M,k,dtype) tril(x,k) triu(x,k) true_divide(x1,x2) trunc(x)
unique(x,sorted,return_index,return_inverse,return_counts,axis,size,fill_value) unravel_index(indices,shape) vander(x,N,increasing)
var(x,axis,keepdims) vdot(x1,x2) vectorize(pyfunc,*,excluded,signature) view(x,dtype) vsplit(x,indices_or_sections) vstack(xs)
where(condition,x1,x2) zeros(shape,dtype) zeros_like(x,dtype)
""",
    "optimizers": """
Adadelta(learning_rate,rho,epsilon,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
Adafactor(learning_rate,beta_2_decay,epsilon_1,epsilon_2,clip_threshold,relative_step,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
Adagrad(learning_rate,initial_accumulator_value,epsilon,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
Adam(learning_rate,beta_1,beta_2,epsilon,amsgrad,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
AdamW(learning_rate,weight_decay,beta_1,beta_2,epsilon,amsgrad,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
Adamax(learning_rate,beta_1,beta_2,epsilon,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
Ftrl(learning_rate,learning_rate_power,initial_accumulator_value,l1_regularization_strength,l2_regularization_strength,l2_shrinkage_regularization_strength,beta,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
Lamb(learning_rate,beta_1,beta_2,epsilon,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
Lion(learning_rate,beta_1,beta_2,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
LossScaleOptimizer=mixed_precision.LossScaleOptimizer MultiOptimizer(optimizer_map,loss_scale_factor,name)
Muon(learning_rate,adam_beta_1,adam_beta_2,adam_weight_decay,epsilon,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,exclude_layers,exclude_embeddings,muon_a,muon_b,muon_c,adam_lr_ratio,momentum,ns_steps,nesterov,rms_rate,*,decay)
Nadam(learning_rate,beta_1,beta_2,epsilon,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
Optimizer(*args,*,learning_rate,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,**)
OptimizerMap(default_optimizer,optimizer_map)
RMSprop(learning_rate,rho,momentum,epsilon,centered,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
SGD(learning_rate,momentum,nesterov,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
ScheduleFreeAdamW(learning_rate,beta_1,beta_2,epsilon,warmup_steps,weight_decay,clipnorm,clipvalue,global_clipnorm,use_ema,ema_momentum,ema_overwrite_frequency,loss_scale_factor,gradient_accumulation_steps,name,*,decay)
deserialize(config,custom_objects) get(identifier) serialize(optimizer)
""",
    "optimizers.legacy": """
Adagrad(*args,**) Adam=optimizers.legacy.Adagrad Ftrl=optimizers.legacy.Adagrad Optimizer=optimizers.legacy.Adagrad
RMSprop=optimizers.legacy.Adagrad SGD=optimizers.legacy.Adagrad
""",
    "optimizers.schedules": """
CosineDecay(initial_learning_rate,decay_steps,alpha,name,warmup_target,warmup_steps)
CosineDecayRestarts(initial_learning_rate,first_decay_steps,t_mul,m_mul,alpha,name)
ExponentialDecay(initial_learning_rate,decay_steps,decay_rate,staircase,name)
InverseTimeDecay(initial_learning_rate,decay_steps,decay_rate,staircase,name) LearningRateSchedule()
PiecewiseConstantDecay(boundaries,values,name) PolynomialDecay(initial_learning_rate,decay_steps,end_learning_rate,power,cycle,name)
deserialize(config,custom_objects) serialize(learning_rate_schedule)
""",
    "preprocessing": """
image_dataset_from_directory(directory,labels,label_mode,class_names,color_mode,batch_size,image_size,shuffle,seed,validation_split,subset,interpolation,follow_links,crop_to_aspect_ratio,pad_to_aspect_ratio,data_format,format,verbose)
text_dataset_from_directory(directory,labels,label_mode,class_names,batch_size,max_length,shuffle,seed,validation_split,subset,follow_links,format,verbose)
timeseries_dataset_from_array(data,targets,sequence_length,sequence_stride,sampling_rate,batch_size,shuffle,seed,start_index,end_index,format)
""",
    "preprocessing.image": """
array_to_img(x,data_format,scale,dtype) img_to_array(img,data_format,dtype)
load_img(path,color_mode,target_size,interpolation,keep_aspect_ratio) save_img(path,x,data_format,file_format,scale,**)
smart_resize(x,size,interpolation,data_format,**)
""",
    "preprocessing.sequence": "pad_sequences(sequences,maxlen,dtype,padding,truncating,value)",
    "quantizers": """
AWQConfig(dataset,tokenizer,*,weight_bits,num_samples,sequence_length,group_size,num_grid_points,quantization_layer_structure)
AbsMaxQuantizer(axis,value_range,epsilon,output_dtype) Float8QuantizationConfig()
GPTQConfig(dataset,tokenizer,*,weight_bits,num_samples,per_channel,sequence_length,hessian_damping,group_size,symmetric,activation_order,quantization_layer_structure)
Int4QuantizationConfig(weight_quantizer,activation_quantizer,block_size) Int8QuantizationConfig(weight_quantizer,activation_quantizer)
QuantizationConfig(weight_quantizer,activation_quantizer) Quantizer(output_dtype)
abs_max_quantize(inputs,axis,value_range,dtype,epsilon,to_numpy)
abs_max_quantize_grouped_with_zero_point(inputs,block_size,value_range,dtype,epsilon,to_numpy)
compute_float8_amax_history(x,amax_history) compute_float8_scale(amax,scale,dtype_max,margin) deserialize(config,custom_objects)
fake_quant_with_min_max_vars(inputs,min_vals,max_vals,num_bits,narrow_range,axis) get(identifier,**) pack_int4(arr,axis,dtype)
quantize_and_dequantize(inputs,scale,quantized_dtype,compute_dtype) serialize(initializer) unpack_int4(packed,orig_len,axis,dtype)
""",
    "random": """
SeedGenerator(seed,name) beta(shape,alpha,beta,dtype,seed) binomial(shape,counts,probabilities,dtype,seed)
categorical(logits,num_samples,dtype,seed) dropout(inputs,rate,noise_shape,seed) gamma(shape,alpha,dtype,seed)
normal(shape,mean,stddev,dtype,seed) randint(shape,minval,maxval,dtype,seed) shuffle(x,axis,seed)
truncated_normal(shape,mean,stddev,dtype,seed) uniform(shape,minval,maxval,dtype,seed)
""",
    "regularizers": """
L1(l1) L1L2(l1,l2) L2(l2) OrthogonalRegularizer(factor,mode) Regularizer() deserialize(config,custom_objects) get(identifier)
l1=regularizers.L1 l1_l2=regularizers.L1L2 l2=regularizers.L2 orthogonal_regularizer=regularizers.OrthogonalRegularizer
serialize(regularizer)
""",
    "saving": """
CustomObjectScope(custom_objects) KerasFileEditor(filepath) custom_object_scope=saving.CustomObjectScope
deserialize_keras_object(config,custom_objects,safe_mode,**) get_custom_objects() get_registered_name(obj)
get_registered_object(name,custom_objects,module_objects) load_model=models.load_model load_weights(model,filepath,skip_mismatch,**)
register_keras_serializable(package,name) save_model=models.save_model save_weights(model,filepath,overwrite,max_shard_size,**)
serialize_keras_object(obj)
""",
    "tree": """
MAP_TO_NONE() assert_same_paths(a,b) assert_same_structure(a,b,check_types) flatten(structure) flatten_with_path(structure)
is_nested(structure) lists_to_tuples(structure) map_shape_structure(func,structure) map_structure(func,*structures,none_is_leaf)
map_structure_up_to(shallow_structure,func,*structures) pack_sequence_as(structure,flat_sequence) traverse(func,structure,top_down)
""",
    "utils": """
Config(**) CustomObjectScope=saving.CustomObjectScope
FeatureSpace(features,output_mode,crosses,crossing_dim,hashing_dim,num_discretization_bins,name)
Progbar(target,width,verbose,interval,stateful_metrics,stateless_metrics,unit_name)
PyDataset(workers,use_multiprocessing,max_queue_size) Sequence=utils.PyDataset array_to_img=preprocessing.image.array_to_img
audio_dataset_from_directory(directory,labels,label_mode,class_names,batch_size,sampling_rate,output_sequence_length,ragged,shuffle,seed,validation_split,subset,follow_links,verbose)
clear_session=backend.clear_session custom_object_scope=saving.CustomObjectScope
deserialize_keras_object=saving.deserialize_keras_object disable_interactive_logging=config.disable_interactive_logging
enable_interactive_logging=config.enable_interactive_logging get_custom_objects=saving.get_custom_objects
get_file(fname,origin,untar,md5_hash,file_hash,cache_subdir,hash_algorithm,extract,archive_format,cache_dir,force_download)
get_registered_name=saving.get_registered_name get_registered_object=saving.get_registered_object get_source_inputs(tensor)
image_dataset_from_directory=preprocessing.image_dataset_from_directory img_to_array=preprocessing.image.img_to_array
is_interactive_logging_enabled=config.is_interactive_logging_enabled is_keras_tensor=backend.is_keras_tensor
load_img=preprocessing.image.load_img
model_to_dot(model,show_shapes,show_dtype,show_layer_names,rankdir,expand_nested,dpi,subgraph,show_layer_activations,show_trainable,splines,**)
normalize(x,axis,order) pack_x_y_sample_weight(x,y,sample_weight) pad_sequences=preprocessing.sequence.pad_sequences
plot_model(model,to_file,show_shapes,show_dtype,show_layer_names,rankdir,expand_nested,dpi,show_layer_activations,show_trainable,splines,**)
register_keras_serializable=saving.register_keras_serializable save_img=preprocessing.image.save_img
serialize_keras_object=saving.serialize_keras_object set_random_seed(seed)
split_dataset(dataset,left_size,right_size,shuffle,seed,preferred_backend) standardize_dtype=backend.standardize_dtype
text_dataset_from_directory=preprocessing.text_dataset_from_directory
timeseries_dataset_from_array=preprocessing.timeseries_dataset_from_array to_categorical(x,num_classes) unpack_x_y_sample_weight(data)
""",
    "utils.bounding_boxes": """
affine_transform(boxes,angle,translate_x,translate_y,scale,shear_x,shear_y,height,width,center_x,center_y,bounding_box_format)
clip_to_image_size(bounding_boxes,height,width,bounding_box_format) compute_ciou(boxes1,boxes2,bounding_box_format,image_shape)
compute_iou(boxes1,boxes2,bounding_box_format,use_masking,mask_val,image_shape) convert_format(boxes,source,target,height,width,dtype)
crop(boxes,top,left,height,width,bounding_box_format)
decode_deltas_to_boxes(anchors,boxes_delta,anchor_format,box_format,encoded_format,variance,image_shape)
encode_box_to_deltas(anchors,boxes,anchor_format,box_format,encoding_format,variance,image_shape)
pad(boxes,top,left,height,width,bounding_box_format)
""",
    "utils.legacy": "deserialize_keras_object=legacy.saving.deserialize_keras_object serialize_keras_object=legacy.saving.serialize_keras_object",
    "visualization": """
draw_bounding_boxes(images,bounding_boxes,bounding_box_format,class_mapping,color,line_thickness,text_thickness,font_scale,data_format)
draw_segmentation_masks(images,segmentation_masks,num_classes,color_mapping,alpha,blend,ignore_index,data_format)
plot_bounding_box_gallery(images,bounding_box_format,y_true,y_pred,value_range,true_color,pred_color,line_thickness,font_scale,text_thickness,class_mapping,ground_truth_mapping,prediction_mapping,legend,legend_handles,rows,cols,data_format,**)
plot_image_gallery(images,y_true,y_pred,label_map,rows,cols,value_range,scale,path,show,transparent,dpi,legend_handles,data_format)
plot_segmentation_mask_gallery(images,num_classes,value_range,y_true,y_pred,color_mapping,blend,alpha,ignore_index,data_format,**)
""",
    "wrappers": """
SKLearnClassifier(model,warm_start,model_kwargs,fit_kwargs) SKLearnRegressor(model,warm_start,model_kwargs,fit_kwargs)
SKLearnTransformer(model,warm_start,model_kwargs,fit_kwargs)
""",
}
TENSORFLOW: dict[str, str] = {
    "backend": """
abs(x) all(x,axis,keepdims) any(x,axis,keepdims) arange(start,stop,step,dtype) argmax(x,axis) argmin(x,axis) backend()
batch_dot(x,y,axes) batch_flatten(x) batch_get_value(tensors) batch_normalization(x,mean,var,beta,gamma,axis,epsilon)
batch_set_value(tuples) bias_add(x,bias,data_format) binary_crossentropy(target,output,from_logits)
binary_focal_crossentropy(target,output,apply_class_balancing,alpha,gamma,from_logits) cast(x,dtype) cast_to_floatx(x)
categorical_crossentropy(target,output,from_logits,axis) categorical_focal_crossentropy(target,output,alpha,gamma,from_logits,axis)
clear_session(free_memory) clip(x,min_value,max_value) concatenate(tensors,axis) constant(value,dtype,shape,name)
conv1d(x,kernel,strides,padding,data_format,dilation_rate) conv2d(x,kernel,strides,padding,data_format,dilation_rate)
conv2d_transpose(x,kernel,output_shape,strides,padding,data_format,dilation_rate)
conv3d(x,kernel,strides,padding,data_format,dilation_rate) cos(x) count_params(x)
ctc_batch_cost(y_true,y_pred,input_length,label_length) ctc_decode(y_pred,input_length,greedy,beam_width,top_paths)
ctc_label_dense_to_sparse(labels,label_lengths) cumprod(x,axis) cumsum(x,axis)
depthwise_conv2d(x,depthwise_kernel,strides,padding,data_format,dilation_rate) dot(x,y) dropout(x,level,noise_shape,seed) dtype(x)
elu(x,alpha) epsilon() equal(x,y) eval(x) exp(x) expand_dims(x,axis) eye(size,dtype,name) flatten(x) floatx()
foldl(fn,elems,initializer,name) foldr(fn,elems,initializer,name) gather(reference,indices) get_uid(prefix) get_value(x)
gradients(loss,variables) greater(x,y) greater_equal(x,y) hard_sigmoid(x) image_data_format() in_top_k(predictions,targets,k)
int_shape(x) is_float_dtype(dtype) is_int_dtype(dtype) is_keras_tensor(x) is_sparse(tensor) l2_normalize(x,axis) less(x,y)
less_equal(x,y) log(x) map_fn(fn,elems,name,dtype) max(x,axis,keepdims) maximum(x,y) mean(x,axis,keepdims) min(x,axis,keepdims)
minimum(x,y) moving_average_update(x,value,momentum) name_scope(name) ndim(x) not_equal(x,y) one_hot(indices,num_classes)
ones(shape,dtype,name) ones_like(x,dtype,name) permute_dimensions(x,pattern) pool2d(x,pool_size,strides,padding,data_format,pool_mode)
pool3d(x,pool_size,strides,padding,data_format,pool_mode) pow(x,a) prod(x,axis,keepdims) random_bernoulli(shape,p,dtype,seed)
random_normal(shape,mean,stddev,dtype,seed) random_normal_variable(shape,mean,scale,dtype,name,seed)
random_uniform(shape,minval,maxval,dtype,seed) random_uniform_variable(shape,low,high,dtype,name,seed) relu(x,alpha,max_value,threshold)
repeat(x,n) repeat_elements(x,rep,axis) reshape(x,shape) resize_images(x,height_factor,width_factor,data_format,interpolation)
resize_volumes(x,depth_factor,height_factor,width_factor,data_format) result_type(*dtypes) reverse(x,axes)
rnn(step_function,inputs,initial_states,go_backwards,mask,constants,unroll,input_length,time_major,zero_output_for_mask,return_all_outputs)
round(x) separable_conv2d(x,depthwise_kernel,pointwise_kernel,strides,padding,data_format,dilation_rate) set_epsilon(value)
set_floatx(value) set_image_data_format(data_format) set_value(x,value) shape(x) sigmoid(x) sign(x) sin(x) softmax(x,axis) softplus(x)
softsign(x) sparse_categorical_crossentropy(target,output,from_logits,axis,ignore_class) spatial_2d_padding(x,padding,data_format)
spatial_3d_padding(x,padding,data_format) sqrt(x) square(x) squeeze(x,axis) stack(x,axis) standardize_dtype(dtype) std(x,axis,keepdims)
stop_gradient(variables) sum(x,axis,keepdims) switch(condition,then_expression,else_expression) tanh(x) temporal_padding(x,padding)
tile(x,n) to_dense(tensor) transpose(x) truncated_normal(shape,mean,stddev,dtype,seed) update(x,new_x) update_add(x,increment)
update_sub(x,decrement) var(x,axis,keepdims) variable(value,dtype,name,constraint) zeros(shape,dtype,name) zeros_like(x,dtype,name)
""",
    "layers": """
Activation(activation,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
ActivityRegularization(l1,l2,*,input_shape,input_dim,trainable,dtype,autocast,name)
AdaptiveAveragePooling1D(output_size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AdaptiveAveragePooling2D(output_size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AdaptiveAveragePooling3D(output_size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AdaptiveMaxPooling1D(output_size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AdaptiveMaxPooling2D(output_size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AdaptiveMaxPooling3D(output_size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Add(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AdditiveAttention(use_scale,dropout,*,input_shape,input_dim,activity_regularizer,score_mode,seed,trainable,dtype,autocast,name)
AlphaDropout(rate,noise_shape,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Attention(use_scale,score_mode,dropout,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AugMix(value_range,num_chains,chain_depth,factor,alpha,all_ops,interpolation,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
AutoContrast(value_range,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,data_format,trainable,dtype,autocast,name)
Average(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
AveragePooling1D(pool_size,strides,padding,data_format,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
AveragePooling2D(pool_size,strides,padding,data_format,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
AveragePooling3D(pool_size,strides,padding,data_format,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
AvgPool1D=layers.AveragePooling1D AvgPool2D=layers.AveragePooling2D AvgPool3D=layers.AveragePooling3D
BatchNormalization(axis,momentum,epsilon,center,scale,beta_initializer,gamma_initializer,moving_mean_initializer,moving_variance_initializer,beta_regularizer,gamma_regularizer,beta_constraint,gamma_constraint,renorm,renorm_clipping,renorm_momentum,synchronized,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Bidirectional(layer,merge_mode,weights,backward_layer,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
CategoryEncoding(num_tokens,output_mode,sparse,*,activity_regularizer,trainable,dtype,autocast,name,**)
CenterCrop(height,width,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
Concatenate(axis,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
ContrastLimitedAdaptiveHistogramEqualization(value_range,clip_limit,tile_grid_size,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
Conv1D(filters,kernel_size,strides,padding,data_format,dilation_rate,groups,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,*,input_shape,input_dim,lora_rank,lora_alpha,trainable,dtype,autocast,name)
Conv1DTranspose(filters,kernel_size,strides,padding,output_padding,data_format,dilation_rate,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
Conv2D(filters,kernel_size,strides,padding,data_format,dilation_rate,groups,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,*,input_shape,input_dim,lora_rank,lora_alpha,trainable,dtype,autocast,name)
Conv2DTranspose(filters,kernel_size,strides,padding,output_padding,data_format,dilation_rate,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
Conv3D(filters,kernel_size,strides,padding,data_format,dilation_rate,groups,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,*,input_shape,input_dim,lora_rank,lora_alpha,trainable,dtype,autocast,name)
Conv3DTranspose(filters,kernel_size,strides,padding,data_format,output_padding,dilation_rate,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
ConvLSTM1D(filters,kernel_size,strides,padding,data_format,dilation_rate,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,unit_forget_bias,kernel_regularizer,recurrent_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,return_sequences,return_state,go_backwards,stateful,*,input_shape,input_dim,unroll,zero_output_for_mask,trainable,dtype,autocast,name)
ConvLSTM2D(filters,kernel_size,strides,padding,data_format,dilation_rate,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,unit_forget_bias,kernel_regularizer,recurrent_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,return_sequences,return_state,go_backwards,stateful,*,input_shape,input_dim,unroll,zero_output_for_mask,trainable,dtype,autocast,name)
ConvLSTM3D(filters,kernel_size,strides,padding,data_format,dilation_rate,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,unit_forget_bias,kernel_regularizer,recurrent_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,return_sequences,return_state,go_backwards,stateful,*,input_shape,input_dim,unroll,zero_output_for_mask,trainable,dtype,autocast,name)
Convolution1D=layers.Conv1D Convolution1DTranspose=layers.Conv1DTranspose Convolution2D=layers.Conv2D
Convolution2DTranspose=layers.Conv2DTranspose Convolution3D=layers.Conv3D Convolution3DTranspose=layers.Conv3DTranspose
Cropping1D(cropping,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Cropping2D(cropping,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Cropping3D(cropping,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
CutMix(factor,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
Dense(units,activation,use_bias,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,lora_rank,lora_alpha,quantization_config,*,input_shape,input_dim,trainable,dtype,autocast,name)
DepthwiseConv1D(kernel_size,strides,padding,depth_multiplier,data_format,dilation_rate,activation,use_bias,depthwise_initializer,bias_initializer,depthwise_regularizer,bias_regularizer,activity_regularizer,depthwise_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
DepthwiseConv2D(kernel_size,strides,padding,depth_multiplier,data_format,dilation_rate,activation,use_bias,depthwise_initializer,bias_initializer,depthwise_regularizer,bias_regularizer,activity_regularizer,depthwise_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
Discretization(bin_boundaries,num_bins,epsilon,output_mode,sparse,dtype,name)
Dot(axes,normalize,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Dropout(rate,noise_shape,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
ELU(alpha,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
EinsumDense(equation,output_shape,activation,bias_axes,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,kernel_constraint,bias_constraint,lora_rank,lora_alpha,gptq_unpacked_column_size,quantization_config,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Embedding(input_dim,output_dim,embeddings_initializer,embeddings_regularizer,embeddings_constraint,mask_zero,weights,lora_rank,lora_alpha,quantization_config,*,input_shape,input_length,activity_regularizer,trainable,dtype,autocast,name)
Equalization(value_range,bins,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
Flatten(data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
FlaxLayer(module,method,variables,*,call_fn,init_fn,params,state,seed,native_serialization_platforms,activity_regularizer,trainable,dtype,autocast,name,**)
GRU(units,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,kernel_regularizer,recurrent_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,return_sequences,return_state,go_backwards,stateful,unroll,reset_after,use_cudnn,*,input_shape,input_dim,implementation,zero_output_for_mask,trainable,dtype,autocast,name)
GRUCell(units,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,kernel_regularizer,recurrent_regularizer,bias_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,reset_after,seed,*,input_shape,input_dim,implementation,activity_regularizer,trainable,dtype,autocast,name)
GaussianDropout(rate,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GaussianNoise(stddev,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalAveragePooling1D(data_format,keepdims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalAveragePooling2D(data_format,keepdims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalAveragePooling3D(data_format,keepdims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalAvgPool1D=layers.GlobalAveragePooling1D GlobalAvgPool2D=layers.GlobalAveragePooling2D
GlobalAvgPool3D=layers.GlobalAveragePooling3D
GlobalMaxPool1D(data_format,keepdims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalMaxPool2D(data_format,keepdims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalMaxPool3D(data_format,keepdims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GlobalMaxPooling1D=layers.GlobalMaxPool1D GlobalMaxPooling2D=layers.GlobalMaxPool2D GlobalMaxPooling3D=layers.GlobalMaxPool3D
GroupNormalization(groups,axis,epsilon,center,scale,beta_initializer,gamma_initializer,beta_regularizer,gamma_regularizer,beta_constraint,gamma_constraint,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
GroupQueryAttention(head_dim,num_query_heads,num_key_value_heads,dropout,use_bias,sliding_window,flash_attention,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,use_gate,seed,*,input_shape,input_dim,trainable,dtype,autocast,name)
HashedCrossing(num_bins,output_mode,sparse,name,dtype,*,activity_regularizer,trainable,autocast,**)
Hashing(num_bins,mask_value,salt,output_mode,sparse,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Identity(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Input(shape,batch_size,dtype,sparse,ragged,batch_shape,name,tensor,optional)
InputLayer(shape,batch_size,dtype,sparse,ragged,batch_shape,input_tensor,optional,name,*,activity_regularizer,trainable,autocast,**)
InputSpec(dtype,shape,ndim,max_ndim,min_ndim,axes,allow_last_axis_squeeze,name,optional)
IntegerLookup(max_tokens,num_oov_indices,mask_token,oov_token,vocabulary,vocabulary_dtype,idf_weights,invert,output_mode,sparse,pad_to_max_tokens,oov_method,salt,name,*,activity_regularizer,trainable,dtype,autocast)
JaxLayer(call_fn,init_fn,params,state,seed,native_serialization_platforms,*,activity_regularizer,trainable,dtype,autocast,name,**)
LSTM(units,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,unit_forget_bias,kernel_regularizer,recurrent_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,return_sequences,return_state,go_backwards,stateful,unroll,use_cudnn,*,input_shape,input_dim,implementation,zero_output_for_mask,trainable,dtype,autocast,name)
LSTMCell(units,activation,recurrent_activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,unit_forget_bias,kernel_regularizer,recurrent_regularizer,bias_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,*,input_shape,input_dim,implementation,activity_regularizer,trainable,dtype,autocast,name)
Lambda(function,output_shape,mask,arguments,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Layer(*,activity_regularizer,trainable,dtype,autocast,name,input_shape,input_dim)
LayerNormalization(axis,epsilon,center,scale,beta_initializer,gamma_initializer,beta_regularizer,gamma_regularizer,beta_constraint,gamma_constraint,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
LeakyReLU(negative_slope,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Masking(mask_value,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
MaxNumBoundingBoxes(max_number,fill_value,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,data_format,trainable,dtype,autocast,name)
MaxPool1D(pool_size,strides,padding,data_format,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
MaxPool2D(pool_size,strides,padding,data_format,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
MaxPool3D(pool_size,strides,padding,data_format,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
MaxPooling1D=layers.MaxPool1D MaxPooling2D=layers.MaxPool2D MaxPooling3D=layers.MaxPool3D
Maximum(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
MelSpectrogram(fft_length,sequence_stride,sequence_length,window,sampling_rate,num_mel_bins,min_freq,max_freq,power_to_db,top_db,mag_exp,min_power,ref_power,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Minimum(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
MixUp(alpha,data_format,seed,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
MultiHeadAttention(num_heads,key_dim,value_dim,dropout,use_bias,output_shape,attention_axes,sliding_window,flash_attention,kernel_initializer,bias_initializer,kernel_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,bias_constraint,use_gate,seed,*,input_shape,input_dim,trainable,dtype,autocast,name)
Multiply(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Normalization(axis,mean,variance,invert,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
PReLU(alpha_initializer,alpha_regularizer,alpha_constraint,shared_axes,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Permute(dims,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name) Pipeline(layers,name)
RMSNormalization(axis,epsilon,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
RNN(cell,return_sequences,return_state,go_backwards,stateful,unroll,zero_output_for_mask,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
RandAugment(value_range,num_ops,factor,interpolation,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomBrightness(factor,value_range,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,data_format,trainable,dtype,autocast,name)
RandomColorDegeneration(factor,value_range,data_format,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomColorJitter(value_range,brightness_factor,contrast_factor,saturation_factor,hue_factor,seed,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
RandomContrast(factor,value_range,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,data_format,trainable,dtype,autocast,name)
RandomCrop(height,width,seed,data_format,name,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast)
RandomElasticTransform(factor,scale,interpolation,fill_mode,fill_value,value_range,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomErasing(factor,scale,fill_value,value_range,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomFlip(mode,seed,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
RandomGaussianBlur(factor,kernel_size,sigma,value_range,data_format,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomGrayscale(factor,data_format,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomHeight(factor,interpolation,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
RandomHue(factor,value_range,data_format,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomInvert(factor,value_range,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomPerspective(factor,scale,interpolation,fill_value,seed,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomPosterization(factor,value_range,data_format,seed,*,bounding_box_format,activity_regularizer,trainable,dtype,autocast,name,**)
RandomRotation(factor,fill_mode,interpolation,seed,fill_value,data_format,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomSaturation(factor,value_range,data_format,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomSharpness(factor,value_range,data_format,seed,*,input_shape,input_dim,activity_regularizer,bounding_box_format,trainable,dtype,autocast,name)
RandomShear(x_factor,y_factor,interpolation,fill_mode,fill_value,data_format,seed,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
RandomTranslation(height_factor,width_factor,fill_mode,interpolation,seed,fill_value,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
RandomWidth(factor,interpolation,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
RandomZoom(height_factor,width_factor,fill_mode,interpolation,seed,fill_value,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
ReLU(max_value,negative_slope,threshold,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
RepeatVector(n,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Rescaling(scale,offset,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Reshape(target_shape,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Resizing(height,width,interpolation,crop_to_aspect_ratio,pad_to_aspect_ratio,fill_mode,fill_value,antialias,data_format,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,trainable,dtype,autocast,name)
ReversibleEmbedding(input_dim,output_dim,tie_weights,embeddings_initializer,embeddings_regularizer,embeddings_constraint,mask_zero,reverse_dtype,logit_soft_cap,*,input_shape,input_length,weights,activity_regularizer,lora_rank,lora_alpha,quantization_config,trainable,dtype,autocast,name)
STFTSpectrogram(mode,frame_length,frame_step,fft_length,window,periodic,scaling,padding,expand_dims,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
SeparableConv1D(filters,kernel_size,strides,padding,data_format,dilation_rate,depth_multiplier,activation,use_bias,depthwise_initializer,pointwise_initializer,bias_initializer,depthwise_regularizer,pointwise_regularizer,bias_regularizer,activity_regularizer,depthwise_constraint,pointwise_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
SeparableConv2D(filters,kernel_size,strides,padding,data_format,dilation_rate,depth_multiplier,activation,use_bias,depthwise_initializer,pointwise_initializer,bias_initializer,depthwise_regularizer,pointwise_regularizer,bias_regularizer,activity_regularizer,depthwise_constraint,pointwise_constraint,bias_constraint,*,input_shape,input_dim,trainable,name,dtype,autocast)
SeparableConvolution1D=layers.SeparableConv1D SeparableConvolution2D=layers.SeparableConv2D
SimpleRNN(units,activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,kernel_regularizer,recurrent_regularizer,bias_regularizer,activity_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,return_sequences,return_state,go_backwards,stateful,unroll,seed,*,input_shape,input_dim,zero_output_for_mask,trainable,dtype,autocast,name)
SimpleRNNCell(units,activation,use_bias,kernel_initializer,recurrent_initializer,bias_initializer,kernel_regularizer,recurrent_regularizer,bias_regularizer,kernel_constraint,recurrent_constraint,bias_constraint,dropout,recurrent_dropout,seed,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Softmax(axis,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Solarization(addition_factor,threshold_factor,value_range,seed,*,input_shape,input_dim,activity_regularizer,factor,bounding_box_format,data_format,trainable,dtype,autocast,name)
SpatialDropout1D(rate,seed,name,dtype) SpatialDropout2D(rate,data_format,seed,name,dtype)
SpatialDropout3D(rate,data_format,seed,name,dtype)
SpectralNormalization(layer,power_iterations,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
StackedRNNCells(cells,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
StringLookup(max_tokens,num_oov_indices,mask_token,oov_token,vocabulary,idf_weights,invert,output_mode,pad_to_max_tokens,sparse,encoding,name,salt,*,activity_regularizer,oov_method,trainable,dtype,autocast)
Subtract(*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
TFSMLayer(filepath,call_endpoint,call_training_endpoint,trainable,name,dtype)
TextVectorization(max_tokens,standardize,split,ngrams,output_mode,output_sequence_length,pad_to_max_tokens,vocabulary,idf_weights,sparse,ragged,encoding,name,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast)
ThresholdedReLU(theta,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
TimeDistributed(layer,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
TorchModuleWrapper(module,name,output_shape,*,activity_regularizer,trainable,dtype,autocast,**)
UnitNormalization(axis,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
UpSampling1D(size,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
UpSampling2D(size,data_format,interpolation,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
UpSampling3D(size,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
Wrapper(layer,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
ZeroPadding1D(padding,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
ZeroPadding2D(padding,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name)
ZeroPadding3D(padding,data_format,*,input_shape,input_dim,activity_regularizer,trainable,dtype,autocast,name) add(inputs,**)
average(inputs,**) concatenate(inputs,axis,**) deserialize(config,custom_objects) dot(inputs,axes,**) maximum(inputs,**)
minimum(inputs,**) multiply(inputs,**) serialize(layer) subtract(inputs,**)
""",
    "losses": """
BinaryCrossentropy(from_logits,label_smoothing,axis,reduction,name,dtype)
BinaryFocalCrossentropy(apply_class_balancing,alpha,gamma,from_logits,label_smoothing,axis,reduction,name,dtype)
CTC(reduction,name,dtype) CategoricalCrossentropy(from_logits,label_smoothing,axis,reduction,name,dtype)
CategoricalFocalCrossentropy(alpha,gamma,from_logits,label_smoothing,axis,reduction,name,dtype)
CategoricalGeneralizedCrossEntropy(q,reduction,name,dtype) CategoricalHinge(reduction,name,dtype)
Circle(gamma,margin,remove_diagonal,reduction,name,dtype) CosineSimilarity(axis,reduction,name,dtype) Dice(reduction,name,axis,dtype)
Hinge(reduction,name,dtype) Huber(delta,reduction,name,dtype) KLD(y_true,y_pred) KLDivergence(reduction,name,dtype)
LogCosh(reduction,name,dtype) Loss(name,reduction,dtype) MAE(y_true,y_pred) MAPE(y_true,y_pred) MSE(y_true,y_pred) MSLE(y_true,y_pred)
MeanAbsoluteError(reduction,name,dtype) MeanAbsolutePercentageError(reduction,name,dtype) MeanSquaredError(reduction,name,dtype)
MeanSquaredLogarithmicError(reduction,name,dtype) Poisson(reduction,name,dtype) Reduction()
SparseCategoricalCrossentropy(from_logits,ignore_class,reduction,axis,name,dtype) SquaredHinge(reduction,name,dtype)
Tversky(alpha,beta,reduction,name,axis,dtype) binary_crossentropy(y_true,y_pred,from_logits,label_smoothing,axis)
binary_focal_crossentropy(y_true,y_pred,apply_class_balancing,alpha,gamma,from_logits,label_smoothing,axis)
categorical_crossentropy(y_true,y_pred,from_logits,label_smoothing,axis)
categorical_focal_crossentropy(y_true,y_pred,alpha,gamma,from_logits,label_smoothing,axis)
categorical_generalized_cross_entropy(y_true,y_pred,q) categorical_hinge(y_true,y_pred)
circle(y_true,y_pred,ref_labels,ref_embeddings,remove_diagonal,gamma,margin) cosine_similarity(y_true,y_pred,axis) ctc(y_true,y_pred)
deserialize(name,custom_objects) dice(y_true,y_pred,axis) get(identifier) hinge(y_true,y_pred) huber(y_true,y_pred,delta) kld=losses.KLD
kullback_leibler_divergence=losses.KLD logcosh(y_true,y_pred) mae=losses.MAE mape=losses.MAPE mse=losses.MSE msle=losses.MSLE
poisson(y_true,y_pred) serialize(loss) sparse_categorical_crossentropy(y_true,y_pred,from_logits,ignore_class,axis)
squared_hinge(y_true,y_pred) tversky(y_true,y_pred,alpha,beta,axis)
""",
    "metrics": """
AUC(num_thresholds,curve,summation_method,name,dtype,thresholds,multi_label,num_labels,label_weights,from_logits) Accuracy(name,dtype)
BinaryAccuracy(name,dtype,threshold) BinaryCrossentropy(name,dtype,from_logits,label_smoothing)
BinaryIoU(target_class_ids,threshold,name,dtype) CategoricalAccuracy(name,dtype)
CategoricalCrossentropy(name,dtype,from_logits,label_smoothing,axis) CategoricalHinge(name,dtype)
ConcordanceCorrelation(name,dtype,axis) CosineSimilarity(name,dtype,axis) F1Score(average,threshold,name,dtype)
FBetaScore(average,beta,threshold,name,dtype) FalseNegatives(thresholds,name,dtype) FalsePositives(thresholds,name,dtype)
Hinge(name,dtype) IoU(num_classes,target_class_ids,name,dtype,ignore_class,sparse_y_true,sparse_y_pred,axis) KLD=losses.KLD
KLDivergence(name,dtype) LogCoshError(name,dtype) MAE=losses.MAE MAPE=losses.MAPE MSE=losses.MSE MSLE=losses.MSLE Mean(name,dtype)
MeanAbsoluteError(name,dtype) MeanAbsolutePercentageError(name,dtype)
MeanIoU(num_classes,name,dtype,ignore_class,sparse_y_true,sparse_y_pred,axis) MeanMetricWrapper(fn,name,dtype,**)
MeanSquaredError(name,dtype) MeanSquaredLogarithmicError(name,dtype) Metric(dtype,name)
OneHotIoU(num_classes,target_class_ids,name,dtype,ignore_class,sparse_y_pred,axis)
OneHotMeanIoU(num_classes,name,dtype,ignore_class,sparse_y_pred,axis) PearsonCorrelation(name,dtype,axis) Poisson(name,dtype)
Precision(thresholds,top_k,class_id,name,dtype) PrecisionAtRecall(recall,num_thresholds,class_id,name,dtype)
R2Score(class_aggregation,num_regressors,name,dtype) Recall(thresholds,top_k,class_id,name,dtype)
RecallAtPrecision(precision,num_thresholds,class_id,name,dtype) RootMeanSquaredError(name,dtype)
SensitivityAtSpecificity(specificity,num_thresholds,class_id,name,dtype) SparseCategoricalAccuracy(name,dtype)
SparseCategoricalCrossentropy(name,dtype,from_logits,ignore_class,axis) SparseTopKCategoricalAccuracy(k,name,dtype,from_sorted_ids)
SpecificityAtSensitivity(sensitivity,num_thresholds,class_id,name,dtype) SquaredHinge(name,dtype) Sum(name,dtype)
TopKCategoricalAccuracy(k,name,dtype) TrueNegatives(thresholds,name,dtype) TruePositives(thresholds,name,dtype)
binary_accuracy(y_true,y_pred,threshold) binary_crossentropy=losses.binary_crossentropy
binary_focal_crossentropy=losses.binary_focal_crossentropy categorical_accuracy(y_true,y_pred)
categorical_crossentropy=losses.categorical_crossentropy categorical_focal_crossentropy=losses.categorical_focal_crossentropy
categorical_hinge=losses.categorical_hinge concordance_correlation(y_true,y_pred,axis) deserialize(config,custom_objects)
get(identifier) hinge=losses.hinge huber=losses.huber kld=losses.KLD kullback_leibler_divergence=losses.KLD logcosh=losses.logcosh
mae=losses.MAE mape=losses.MAPE mse=losses.MSE msle=losses.MSLE pearson_correlation(y_true,y_pred,axis) poisson=losses.poisson
serialize(metric) sparse_categorical_accuracy(y_true,y_pred) sparse_categorical_crossentropy=losses.sparse_categorical_crossentropy
sparse_top_k_categorical_accuracy(y_true,y_pred,k,from_sorted_ids) squared_hinge=losses.squared_hinge
top_k_categorical_accuracy(y_true,y_pred,k)
""",
    "preprocessing.image": """
DirectoryIterator(directory,image_data_generator,target_size,color_mode,classes,class_mode,batch_size,shuffle,seed,data_format,save_to_dir,save_prefix,save_format,follow_links,subset,interpolation,keep_aspect_ratio,dtype)
ImageDataGenerator(featurewise_center,samplewise_center,featurewise_std_normalization,samplewise_std_normalization,zca_whitening,zca_epsilon,rotation_range,width_shift_range,height_shift_range,brightness_range,shear_range,zoom_range,channel_shift_range,fill_mode,cval,horizontal_flip,vertical_flip,rescale,preprocessing_function,data_format,validation_split,interpolation_order,dtype)
Iterator(n,batch_size,shuffle,seed,*,workers,use_multiprocessing,max_queue_size)
NumpyArrayIterator(x,y,image_data_generator,batch_size,shuffle,sample_weight,seed,data_format,save_to_dir,save_prefix,save_format,subset,ignore_class_split,dtype)
apply_affine_transform(x,theta,tx,ty,shear,zx,zy,row_axis,col_axis,channel_axis,fill_mode,cval,order)
apply_brightness_shift(x,brightness,scale) apply_channel_shift(x,intensity,channel_axis) array_to_img(x,data_format,scale,dtype)
img_to_array(img,data_format,dtype) load_img(path,color_mode,target_size,interpolation,keep_aspect_ratio)
random_brightness(x,brightness_range,scale) random_channel_shift(x,intensity_range,channel_axis)
random_rotation(x,rg,row_axis,col_axis,channel_axis,fill_mode,cval,interpolation_order)
random_shear(x,intensity,row_axis,col_axis,channel_axis,fill_mode,cval,interpolation_order)
random_shift(x,wrg,hrg,row_axis,col_axis,channel_axis,fill_mode,cval,interpolation_order)
random_zoom(x,zoom_range,row_axis,col_axis,channel_axis,fill_mode,cval,interpolation_order)
save_img(path,x,data_format,file_format,scale,**) smart_resize(x,size,interpolation,data_format,**)
""",
    "preprocessing.sequence": """
TimeseriesGenerator(data,targets,length,sampling_rate,stride,start_index,end_index,shuffle,reverse,batch_size,*,workers,use_multiprocessing,max_queue_size,**)
make_sampling_table(size,sampling_factor) pad_sequences(sequences,maxlen,dtype,padding,truncating,value)
skipgrams(sequence,vocabulary_size,window_size,negative_samples,shuffle,categorical,sampling_table,seed)
""",
    "preprocessing.text": """
Tokenizer(num_words,filters,lower,split,char_level,oov_token,analyzer) hashing_trick(text,n,hash_function,filters,lower,split,analyzer)
one_hot(input_text,n,filters,lower,split,analyzer) text_to_word_sequence(input_text,filters,lower,split)
tokenizer_from_json(json_string)
""",
}
PRIVATE: dict[str, str] = {
    "": """
activations backend backend_config callbacks callbacks_v1 combinations constraints distribute distribute.distribute_coordinator_utils
distribute.distributed_file_utils distribute.distributed_training_utils distribute.distributed_training_utils_v1
distribute.worker_training_state engine engine.base_layer engine.base_layer_utils engine.base_layer_v1 engine.base_preprocessing_layer
engine.compile_utils engine.data_adapter engine.functional engine.input_layer engine.input_spec engine.keras_tensor engine.node
engine.partial_batch_padding_handler engine.saving engine.sequential engine.training engine.training_arrays_v1
engine.training_distributed_v1 engine.training_eager_v1 engine.training_generator_v1 engine.training_utils engine.training_utils_v1
engine.training_v1 initializers initializers.initializers_v1 initializers.initializers_v2 keras_parameterized layers
layers.advanced_activations layers.convolutional layers.convolutional_recurrent layers.core layers.dense_attention layers.embeddings
layers.legacy_rnn layers.legacy_rnn.rnn_cell_impl layers.legacy_rnn.rnn_cell_wrapper_impl layers.merge layers.pooling layers.recurrent
layers.rnn_cell_wrapper_v2 layers.serialization legacy_tf_layers legacy_tf_layers.base legacy_tf_layers.convolutional
legacy_tf_layers.core legacy_tf_layers.pooling legacy_tf_layers.variable_scope_shim losses metrics mixed_precision
mixed_precision.autocast_variable mixed_precision.device_compatibility_check mixed_precision.get_layer_policy mixed_precision.loss_scale
mixed_precision.loss_scale_optimizer mixed_precision.policy mixed_precision.test_util models optimizer_v1 optimizer_v2
optimizer_v2.adadelta optimizer_v2.adagrad optimizer_v2.adam optimizer_v2.adamax optimizer_v2.ftrl optimizer_v2.gradient_descent
optimizer_v2.learning_rate_schedule optimizer_v2.legacy_learning_rate_decay optimizer_v2.nadam optimizer_v2.optimizer_v2
optimizer_v2.rmsprop optimizer_v2.utils optimizers protobuf protobuf.projector_config_pb2 protobuf.saved_metadata_pb2
protobuf.versions_pb2 regularizers saving saving.hdf5_format saving.model_config saving.save saving.saved_model
saving.saved_model.base_serialization saving.saved_model.constants saving.saved_model.json_utils saving.saved_model.layer_serialization
saving.saved_model.load saving.saved_model.load_context saving.saved_model.metric_serialization saving.saved_model.model_serialization
saving.saved_model.network_serialization saving.saved_model.save saving.saved_model.save_impl saving.saved_model.serialized_attributes
saving.saved_model.utils saving.saved_model_experimental saving.saving_utils saving.utils_v1 saving.utils_v1.export_output
saving.utils_v1.export_utils saving.utils_v1.mode_keys saving.utils_v1.signature_def_utils saving.utils_v1.unexported_constants
testing_utils utils utils.all_utils utils.control_flow_util utils.conv_utils utils.data_utils utils.dataset_creator utils.generic_utils
utils.io_utils utils.kernelized_utils utils.layer_utils utils.losses_utils utils.metrics_utils utils.mode_keys utils.np_utils
utils.object_identity utils.tf_contextlib utils.tf_inspect utils.tf_utils utils.version_utils utils.vis_utils
""",
    "*": "Input Model Sequential",
    "activations": """
deserialize deserialize_keras_object elu exponential gelu get hard_sigmoid leaky_relu linear log_softmax relu relu6 selu serialize
serialize_keras_object sigmoid silu softmax softplus softsign swish tanh
""",
    "backend": """
ContextValueCache GraphExecutionFunction OBSERVED_NAMES PER_GRAPH_OBJECT_NAME_UIDS abs all any arange argmax argmin backend batch_dot
batch_flatten batch_get_value batch_normalization batch_set_value bias_add binary_crossentropy cast cast_to_floatx
cast_variables_to_tensor categorical_crossentropy clear_session clip concatenate configure_and_create_distributed_session constant
conv1d conv2d conv2d_transpose conv3d conv3d_transpose convert_inputs_if_ragged cos count_params ctc_batch_cost ctc_decode
ctc_label_dense_to_sparse cumprod cumsum deprecated_internal_learning_phase_scope deprecated_internal_set_learning_phase
depthwise_conv2d dot dropout dtype dtype_numpy eager_learning_phase_scope elu epsilon equal eval exp expand_dims eye fh flatten floatx
foldl foldr function gather get_config get_default_graph_uid_map get_default_session_config get_graph get_session get_uid get_value
global_learning_phase_is_set gradients greater greater_equal hard_sigmoid identity image_data_format in_test_phase in_top_k
in_train_phase int_shape is_keras_tensor is_placeholder is_sparse is_tpu_strategy l2_normalize learning_phase learning_phase_scope less
less_equal local_conv local_conv1d local_conv2d log logsumexp manual_variable_initialization map_fn max maximum maybe_convert_to_ragged
mean min minimum moving_average_update name_scope ndim normalize_batch_in_training not_equal observe_object_name one_hot ones ones_like
permute_dimensions placeholder pool2d pool3d pow print_tensor prod py_all py_any py_sum random_bernoulli random_binomial random_normal
random_normal_variable random_uniform random_uniform_variable relu repeat repeat_elements reset_uids reshape resize_images
resize_volumes reverse rnn round separable_conv1d separable_conv2d set_epsilon set_floatx set_image_data_format set_learning_phase
set_session set_value shape sigmoid sign sin softmax softplus softsign sparse_categorical_crossentropy spatial_2d_padding
spatial_3d_padding sqrt square squeeze stack std stop_gradient sum switch symbolic_learning_phase tanh temporal_padding tile to_dense
track_tf_optimizer track_variable transpose truncated_normal unique_object_name update update_add update_sub var variable zeros
zeros_like
""",
    "backend_config": "epsilon floatx image_data_format set_epsilon set_floatx set_image_data_format",
    "callbacks": """
BackupAndRestore BaseLogger CSVLogger Callback CallbackList EarlyStopping History LambdaCallback LearningRateScheduler ModeKeys
ModelCheckpoint Progbar ProgbarLogger ReduceLROnPlateau RemoteMonitor Sequence TensorBoard TerminateOnNaN configure_callbacks
keras_model_summary make_logs path_to_string set_callback_parameters
""",
    "callbacks_v1": "TensorBoard",
    "combinations": """
KERAS_MODEL_TYPES KerasModeCombination KerasModelTypeCombination NamedObject combine generate keras_mode_combinations
keras_model_type_combinations times
""",
    "constraints": """
Constraint MaxNorm MinMaxNorm NonNeg RadialConstraint UnitNorm deserialize deserialize_keras_object get max_norm maxnorm min_max_norm
non_neg nonneg radial_constraint serialize serialize_keras_object unit_norm unitnorm
""",
    "distribute": "",
    "engine": "",
    "initializers": """
Constant ConstantV2 GlorotNormal GlorotNormalV2 GlorotUniform GlorotUniformV2 HeNormal HeNormalV2 HeUniform HeUniformV2 Identity
IdentityV2 Initializer LOCAL LecunNormal LecunNormalV2 LecunUniform LecunUniformV2 Ones OnesV2 Orthogonal OrthogonalV2 RandomNormal
RandomNormalV2 RandomUniform RandomUniformV2 TruncatedNormal TruncatedNormalV2 VarianceScaling VarianceScalingV2 Zeros ZerosV2 constant
deserialize get glorot_normal glorot_normalV2 glorot_uniform glorot_uniformV2 he_normal he_normalV2 he_uniform he_uniformV2 identity
initializer lecun_normal lecun_normalV2 lecun_uniform lecun_uniformV2 normal one ones orthogonal populate_deserializable_objects
random_normal random_uniform serialize truncated_normal uniform variance_scaling zero zeros
""",
    "keras_parameterized": "TestCase run_all_keras_modes run_with_all_model_types run_with_all_saved_model_formats run_with_all_weight_formats",
    "layers": """
AbstractRNNCell Activation ActivityRegularization Add AdditiveAttention Attention Average AveragePooling1D AveragePooling2D
AveragePooling3D AvgPool1D AvgPool2D AvgPool3D Concatenate Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose
ConvLSTM2D Convolution1D Convolution2D Convolution2DTranspose Convolution3D Convolution3DTranspose Cropping1D Cropping2D Cropping3D
Dense DepthwiseConv2D DeviceWrapper Dot Dropout DropoutWrapper ELU Embedding Flatten GRUCellV1 GRUV1 GlobalAveragePooling1D
GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D
GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D Input InputLayer InputSpec LSTMCellV1 LSTMV1 Lambda Layer
LeakyReLU Masking MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D Maximum Minimum Multiply PReLU PeepholeLSTMCell
Permute PreprocessingLayer RNN ReLU RepeatVector Reshape ResidualWrapper SeparableConv1D SeparableConv2D SeparableConvolution1D
SeparableConvolution2D SimpleRNN SimpleRNNCell Softmax SpatialDropout1D SpatialDropout2D SpatialDropout3D StackedRNNCells Subtract
ThresholdedReLU UpSampling1D UpSampling2D UpSampling3D VersionAwareLayers ZeroPadding1D ZeroPadding2D ZeroPadding3D add average
concatenate deserialize dot maximum minimum multiply serialize subtract
""",
    "legacy_tf_layers": "",
    "losses": """
BCE BinaryCrossentropy CategoricalCrossentropy CategoricalHinge CosineSimilarity Hinge Huber KLD KLDivergence LABEL_DTYPES_FOR_LOSSES
LogCosh Loss LossFunctionWrapper MAE MAPE MSE MSLE MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError
MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy SquaredHinge bce binary_crossentropy categorical_crossentropy
categorical_hinge cosine_similarity deserialize deserialize_keras_object get hinge huber huber_loss is_categorical_crossentropy
kl_divergence kld kullback_leibler_divergence log_cosh logcosh mae mape mean_absolute_error mean_absolute_percentage_error
mean_squared_error mean_squared_logarithmic_error mse msle poisson serialize serialize_keras_object sparse_categorical_crossentropy
squared_hinge
""",
    "metrics": """
ACC AUC Accuracy BCE BinaryAccuracy BinaryCrossentropy CategoricalAccuracy CategoricalCrossentropy CategoricalHinge CosineSimilarity
FalseNegatives FalsePositives Hinge KLDivergence LogCoshError MAE MAPE MSE MSLE Mean MeanAbsoluteError MeanAbsolutePercentageError
MeanIoU MeanMetricWrapper MeanRelativeError MeanSquaredError MeanSquaredLogarithmicError MeanTensor Metric Poisson Precision
PrecisionAtRecall Recall RecallAtPrecision Reduce RootMeanSquaredError SensitivityAtSpecificity SensitivitySpecificityBase
SparseCategoricalAccuracy SparseCategoricalCrossentropy SparseTopKCategoricalAccuracy SpecificityAtSensitivity SquaredHinge Sum
SumOverBatchSize SumOverBatchSizeMetricWrapper TopKCategoricalAccuracy TrueNegatives TruePositives acc accuracy bce binary_accuracy
binary_crossentropy categorical_accuracy categorical_crossentropy categorical_hinge clone_metric clone_metrics cosine_proximity
cosine_similarity deserialize deserialize_keras_object get hinge is_built_in is_tensor_or_variable kullback_leibler_divergence log_cosh
logcosh mae mape mean_absolute_error mean_absolute_percentage_error mean_squared_error mean_squared_logarithmic_error mse msle poisson
serialize serialize_keras_object sparse_categorical_accuracy sparse_categorical_crossentropy sparse_top_k_categorical_accuracy
squared_hinge to_list top_k_categorical_accuracy
""",
    "mixed_precision": "",
    "models": """
AddMetric CustomObjectScope Functional Input InputLayer Layer Model Sequential clone_and_build_model clone_model
in_place_subclassed_model_state_restoration load_model model_from_config model_from_json model_from_yaml save_model share_weights
""",
    "optimizer_v1": "Adadelta Adagrad Adam Adamax Nadam Optimizer RMSprop SGD TFOptimizer adadelta adagrad adam adamax nadam rmsprop sgd",
    "optimizer_v2": "",
    "optimizers": "Optimizer TFOptimizer deserialize deserialize_keras_object get serialize serialize_keras_object",
    "protobuf": "",
    "regularizers": "L1 L1L2 L2 Regularizer deserialize deserialize_keras_object get l1 l1_l2 l2 serialize serialize_keras_object",
    "saving": "",
    "testing_utils": """
Bias SmallSubclassMLP device disable_v2_dtype_behavior enable_v2_dtype_behavior for_all_test_methods
generate_combinations_with_testcase_name get_expected_metric_variable_names get_model_from_layers get_model_type get_multi_io_model
get_save_format get_save_kwargs get_small_functional_mlp get_small_mlp get_small_sequential_mlp get_small_subclass_mlp
get_small_subclass_mlp_with_custom_build get_test_data get_v2_optimizer layer_test model_type_scope numeric_test
run_all_without_tensor_float_32 run_eagerly_scope run_v2_only run_without_tensor_float_32 saved_model_format_scope should_run_eagerly
string_test use_gpu
""",
    "utils": "",
}
